package io.egressgateway.load.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The chart of the source tree, and what Helm makes of it. */
final class Charts {
  static final String NAMESPACE = "kube-system";
  static final String RELEASE = "egressgateway";

  /** Certificates that Helm makes differ each time. */
  static final Map<String, String> FIXED = Map.of("controller.tls.method", "provided");

  private Charts() {}

  /** The root of the source tree: tests run in their module. */
  static Path root() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  static Path chart() {
    return root().resolve("k8s/chart");
  }

  static Helm helm() {
    return new Helm(chart());
  }

  /** The manifests with these values for a newer cluster, without those of hooks. */
  static String render(Map<String, String> values) {
    return render(values, "1.31.0");
  }

  /** The manifests with these values for a cluster of this version. */
  static String render(Map<String, String> values, String version) {
    TemplateCommand template =
        helm()
            .template()
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .withKubeVersion(version)
            .skipCrds();
    values.forEach(template::set);
    return template.call();
  }

  /** What Helm says after an installation with these values; no cluster is asked. */
  static String notes(Map<String, String> values) {
    InstallCommand install =
        helm()
            .install()
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .withKubeVersion("1.31.0")
            .clientOnly()
            .dryRun()
            .skipCrds();
    values.forEach(install::set);
    String said = install.call().getOutput();
    return said.substring(said.indexOf("NOTES:"));
  }

  static List<HasMetadata> objects(String manifests) {
    return Arrays.stream(manifests.split("(?m)^---\\s*$"))
        .filter(text -> text.contains("kind:"))
        .map(Charts::read)
        .flatMap(Collection::stream)
        .toList();
  }

  private static Collection<HasMetadata> read(String text) {
    Object read =
        new KubernetesSerialization()
            .unmarshal(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    return switch (read) {
      case HasMetadata one -> List.of(one);
      case Collection<?> many -> many.stream().map(HasMetadata.class::cast).toList();
      default -> throw new IllegalArgumentException("no Kubernetes object: " + text);
    };
  }

  /** Compares with a committed file, or rewrites it with {@code UPDATE_GOLDEN=1}. */
  static String golden(Path file, String now) throws IOException {
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, now);
    }
    return Files.readString(file);
  }
}
