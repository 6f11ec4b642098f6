package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import java.util.Collection;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The addresses of services, as they are mentioned in texts that are about something else. */
final class ServiceCidrHints {

  private static final Pattern FLAG =
      Pattern.compile("--service-cluster-ip-range[= ][\"']?([^\\s\"']+)");
  private static final Pattern KUBEADM =
      Pattern.compile("(?m)^\\s*serviceSubnet:\\s*[\"']?([^\\s\"']+)");
  private static final Pattern REFUSAL =
      Pattern.compile("range of valid IPs is ([0-9a-fA-F.:]+/[0-9]+)");

  private ServiceCidrHints() {}

  /** From the command line of a kube-apiserver or kube-controller-manager. */
  static CidrSet ofCommandLine(List<String> words) {
    return find(FLAG, String.join(" ", words));
  }

  /** From the ClusterConfiguration that kubeadm keeps. */
  static CidrSet ofKubeadm(String clusterConfiguration) {
    return find(KUBEADM, clusterConfiguration);
  }

  /** From what the API says when it refuses a service's address. */
  static CidrSet ofRefusal(String message) {
    return find(REFUSAL, message);
  }

  private static CidrSet find(Pattern pattern, String text) {
    return read(
        pattern
            .matcher(text)
            .results()
            .map((MatchResult match) -> match.group(1))
            .flatMap(list -> Stream.of(list.split(",", -1)))
            .toList());
  }

  /** What is no CIDR says nothing. */
  static CidrSet read(Collection<String> texts) {
    return CidrSet.of(texts.stream().flatMap(text -> Cidr.parse(text).stream()).toList());
  }
}
