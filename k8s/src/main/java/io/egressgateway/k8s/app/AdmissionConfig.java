package io.egressgateway.k8s.app;

import com.typesafe.config.Config;
import io.egressgateway.k8s.admission.AdmissionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads how the webhooks are served, from {@code egressgateway.admission}. */
final class AdmissionConfig {
  private static final Path POD_NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  private AdmissionConfig() {}

  /**
   * The settings; absent when no webhooks are served.
   *
   * @param host where the controller listens
   * @throws IllegalArgumentException naming the key that has a value it cannot have
   */
  static Optional<AdmissionSettings> read(Config admission, String host) {
    String method = admission.getString("certificates");
    return switch (method) {
      case "off" -> Optional.empty();
      case "auto" -> Optional.of(settings(admission, host, own(admission, host)));
      case "provided" ->
          Optional.of(
              settings(
                  admission,
                  host,
                  new AdmissionSettings.Provided(Path.of(admission.getString("tls-dir")))));
      default ->
          throw new IllegalArgumentException(
              "admission.certificates '" + method + "' is not off, auto or provided");
    };
  }

  private static AdmissionSettings settings(
      Config admission, String host, AdmissionSettings.Certificates certificates) {
    int port = admission.getInt("port");
    if (port < 0 || port > HostPort.PORT_MAX) {
      throw new IllegalArgumentException("admission.port " + port + " is not between 0 and 65535");
    }
    return new AdmissionSettings(
        host,
        port,
        certificates,
        Optional.of(admission.getString("configurations")).filter(name -> !name.isEmpty()));
  }

  private static AdmissionSettings.Own own(Config admission, String host) {
    String namespace = namespace(admission.getString("namespace"));
    String service = admission.getString("service");
    List<String> names = new ArrayList<>();
    names.add(service + "." + namespace + ".svc");
    names.add(service + "." + namespace);
    names.add(host);
    return new AdmissionSettings.Own(namespace, admission.getString("secret"), names);
  }

  private static String namespace(String named) {
    if (!named.isEmpty()) {
      return named;
    }
    try {
      return Files.readString(POD_NAMESPACE).strip();
    } catch (IOException noPod) {
      throw new IllegalArgumentException(
          "admission.namespace is empty and this process runs in no pod ("
              + POD_NAMESPACE
              + " cannot be read): name the namespace of the certificates' Secret",
          noPod);
    }
  }
}
