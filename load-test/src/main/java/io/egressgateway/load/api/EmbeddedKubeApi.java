package io.egressgateway.load.api;

import io.egressgateway.load.api.rest.ApiServer;
import io.egressgateway.load.api.rest.PodCommands;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * A Kubernetes API in this process: objects in memory, plain HTTP on 127.0.0.1, nobody is asked who
 * they are. kubectl and fabric8 informers work against it; what it leaves out is in {@link
 * io.egressgateway.load.api.rest}.
 */
public final class EmbeddedKubeApi implements KubeApi {
  private final ApiServer server;
  private final Path kubeconfig;

  private EmbeddedKubeApi(ApiServer server, Path kubeconfig) {
    this.server = server;
    this.kubeconfig = kubeconfig;
  }

  /**
   * Starts it on a free port.
   *
   * @param directory where the kubeconfig is written; created if absent
   * @param progress receives one line per step, for people
   * @throws IOException if it cannot listen or write
   */
  public static EmbeddedKubeApi start(Path directory, Consumer<String> progress)
      throws IOException {
    Files.createDirectories(directory);
    ApiServer server = ApiServer.start(Clock.systemUTC());
    Path kubeconfig =
        new Kubeconfig(url(server), Kubeconfig.Credentials.none())
            .write(directory.resolve("kubeconfig"));
    EmbeddedKubeApi api = new EmbeddedKubeApi(server, kubeconfig);
    progress.accept(api.description());
    return api;
  }

  /** Lets {@code kubectl exec} run programs in these pods. */
  public void serveExec(PodCommands commands) {
    server.serveExec(commands);
  }

  private static URI url(ApiServer server) {
    return URI.create("http://127.0.0.1:" + server.port() + "/");
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public URI baseUrl() {
    return url(server);
  }

  @Override
  public String description() {
    return "embedded Kubernetes API at " + baseUrl();
  }

  @Override
  public void close() {
    server.close();
    OwnedFiles.delete(kubeconfig);
  }
}
