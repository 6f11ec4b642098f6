package io.egressgateway.load.demo;

import java.io.IOException;
import java.util.List;

/** The verbs of the guide. */
sealed interface Kubectl permits ForkedKubectl, BuiltInKubectl {
  /** {@code kubectl apply -f -}. */
  String apply(String yaml) throws IOException;

  /** {@code kubectl get …}: what it prints. */
  String get(List<String> arguments) throws IOException;

  /** {@code kubectl label node NODE KEY=VALUE}. */
  String labelNode(String node, String key, String value) throws IOException;

  /** {@code kubectl delete -f -}. */
  String delete(String yaml) throws IOException;
}
