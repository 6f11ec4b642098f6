package io.egressgateway.load.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.egressgateway.load.lab.container.ContainerWorkloads;
import io.egressgateway.load.lab.container.PodRuntime;
import io.egressgateway.load.lab.container.ServiceTargets;
import io.egressgateway.load.lab.kube.LabKubelet;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.ConnectProxy;
import io.egressgateway.load.lab.net.LabNetwork;
import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.load.lab.process.LabCommand;
import io.egressgateway.load.lab.process.LabCommand.Restart;
import io.egressgateway.load.lab.process.RunState;
import io.egressgateway.load.lab.process.Supervisor;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A cluster without the product in it: namespaces as nodes, a real kube-apiserver with its
 * controller manager, and a stand-in for the kubelets that runs the containers of the product's
 * images. Whatever of the product is to run comes as objects through the API, from a chart for
 * instance. Starting is for one thread; the rest is thread-safe.
 */
public final class ClusterLab implements AutoCloseable {
  private final LabSettings settings;
  private final RunState state;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final KubeApi api;
  private final KubernetesClient client;
  private final LabKubelet kubelet;
  private final LabNetwork network;

  private ClusterLab(
      LabSettings settings, Optional<Path> image, RunState state, Consumer<String> events)
      throws IOException {
    this.settings = settings;
    this.state = state;
    LabNode controlPlane = settings.topology().nodes(LabNode.Role.CONTROL_PLANE).getFirst();
    network = opened(new LabNetwork(settings.topology()));
    network.build();
    Supervisor supervisor =
        opened(
            new Supervisor(
                new Supervisor.Started(settings.distribution(), settings.environment()),
                state,
                events));
    supervisor.start(server());
    ConnectProxy proxy =
        opened(ConnectProxy.start(state.directory().resolve("proxy"), controlPlane.namespace()));
    api =
        opened(
            RealKubeApi.start(
                assets(),
                state.directory().resolve("api"),
                new RealKubeApi.Extent.Workloads(proxy.socket()),
                events));
    client = opened(api.newClient());
    proxy.translate(new ServiceTargets(client));
    kubelet =
        opened(
            new LabKubelet(
                client,
                settings.topology(),
                network,
                new ContainerWorkloads(runtime(image, events)),
                Clock.systemUTC(),
                events));
    kubelet.start();
  }

  private PodRuntime runtime(Optional<Path> image, Consumer<String> events) {
    String authority =
        new String(Base64.getDecoder().decode(client.getConfiguration().getCaCertData()), UTF_8);
    return new PodRuntime(
        client,
        new PodRuntime.Surroundings(
            settings.distribution().home(), image, api.port(), authority, Clock.systemUTC()),
        state,
        events);
  }

  private static LabCommand server() {
    return new LabCommand(
        Lab.SERVER_NAME,
        Optional.of(NetNamespace.server().path()),
        List.of("nettools", "server", "-protocol", "web", "-webPort", "" + Lab.SERVER_PORT),
        Restart.NEVER);
  }

  private static Path assets() throws IOException {
    return KubeApi.assets()
        .orElseThrow(
            () ->
                new IOException(
                    KubeApi.ASSETS_VARIABLE
                        + " must name a folder with kube-apiserver, etcd and"
                        + " kube-controller-manager"));
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  /**
   * Takes the machine's lab folder, removes what a killed run left, and starts everything.
   *
   * @param image the files of the product's image; the distribution's where there is none
   * @param events receives what happens by itself, for people
   * @throws IOException if another lab is up, or something cannot be started
   */
  public static ClusterLab start(
      LabSettings settings, Optional<Path> image, Consumer<String> events) throws IOException {
    RunState state = RunState.claim(settings.directory());
    try {
      LabNetwork.removeLeftovers();
      return new ClusterLab(settings, image, state, events);
    } catch (IOException | RuntimeException e) {
      LabNetwork.removeLeftovers();
      state.close();
      throw e;
    }
  }

  /** A client with every right; stays the lab's. */
  public KubernetesClient client() {
    return client;
  }

  /** Where the API is. */
  public KubeApi api() {
    return api;
  }

  /** The stand-in for all kubelets. */
  public LabKubelet kubelet() {
    return kubelet;
  }

  /** The wires between the namespaces. */
  public LabNetwork network() {
    return network;
  }

  /** The nodes. */
  public Topology topology() {
    return settings.topology();
  }

  /** Where logs of containers are, each named after pod and container. */
  public Path logs() {
    return state.directory().resolve("logs");
  }

  /** A shell in the pod, so to speak. The caller closes it. */
  public PodExec exec(PodPlacement pod) throws IOException {
    return new PodExec(pod);
  }

  /** Ends everything that was started, last first; goes on after a failure and throws it then. */
  @Override
  public void close() {
    List<Exception> failures = new ArrayList<>();
    while (!opened.isEmpty()) {
      closeInto(opened.pop(), failures);
    }
    closeInto(state, failures);
    if (!failures.isEmpty()) {
      IllegalStateException failure = new IllegalStateException("the lab is not wholly removed");
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
  }

  private static void closeInto(AutoCloseable closeable, List<Exception> failures) {
    try {
      closeable.close();
    } catch (Exception e) {
      failures.add(e);
    }
  }
}
