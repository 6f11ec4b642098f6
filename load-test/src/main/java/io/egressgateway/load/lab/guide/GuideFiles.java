package io.egressgateway.load.lab.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The YAML of the user guide, letter by letter. */
public enum GuideFiles {
  GATEWAY("gateway.yaml"),
  DEPLOYMENT("deployment.yaml"),
  POLICY("policy.yaml"),
  /** Not the guide's: a pod that its policy does not match, on the same node if possible. */
  OTHER_POD("other-pod.yaml"),
  /** Not the guide's: a policy for that pod. */
  OTHER_POLICY("other-policy.yaml");

  private final String file;

  GuideFiles(String file) {
    this.file = file;
  }

  /** The whole file. */
  public String text() {
    try (InputStream stream = GuideFiles.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("resource " + file + " is missing from the jar");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("read resource " + file, e);
    }
  }
}
