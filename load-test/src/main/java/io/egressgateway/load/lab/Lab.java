package io.egressgateway.load.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.load.api.EmbeddedKubeApi;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.egressgateway.load.lab.kube.BareWorkloads;
import io.egressgateway.load.lab.kube.LabKubelet;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.Forwarder;
import io.egressgateway.load.lab.net.LabNetwork;
import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.load.lab.pki.LabPki;
import io.egressgateway.load.lab.process.LabCommand;
import io.egressgateway.load.lab.process.LabCommand.Restart;
import io.egressgateway.load.lab.process.LabProcess;
import io.egressgateway.load.lab.process.RunState;
import io.egressgateway.load.lab.process.Supervisor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A running cluster in namespaces, with the product in it. The start methods are to be called in
 * the order in which they stand here; {@link #close} undoes whatever has been done. Starting is for
 * one thread; the rest is thread-safe.
 */
public final class Lab implements AutoCloseable {
  /** Port of the server outside the cluster, as the guide has it. */
  public static final int SERVER_PORT = 8080;

  /** Name of that server's process. */
  public static final String SERVER_NAME = "nettools-server";

  private static final String CONTROLLER = "controller-";
  private static final String AGENT = "agent-";
  private static final String WITNESS = "witness-";
  private static final int WITNESSES = 3;
  private static final int WITNESS_PORT = 5831;
  private static final int WITNESS_MONITOR = LabProbes.WITNESS;

  private final LabSettings settings;
  private final Consumer<String> events;
  private final RunState state;
  private final LabPki pki;
  private final Supervisor supervisor;
  private final LabNetwork network;
  private final LabNode controlPlane;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private Optional<KubeApi> api = Optional.empty();
  private Optional<Forwarder> apiWire = Optional.empty();
  private Optional<LabDatabase> database = Optional.empty();
  private Optional<KubernetesClient> client = Optional.empty();
  private Optional<LabKubelet> kubelet = Optional.empty();

  private Lab(LabSettings settings, RunState state, Consumer<String> events) {
    this.settings = settings;
    this.events = events;
    this.state = state;
    this.pki = new LabPki(Clock.systemUTC().instant());
    this.network = new LabNetwork(settings.topology());
    this.supervisor =
        new Supervisor(
            new Supervisor.Started(settings.distribution(), settings.environment()), state, events);
    this.controlPlane = settings.topology().nodes(LabNode.Role.CONTROL_PLANE).getFirst();
    opened.push(network);
    opened.push(supervisor);
  }

  /**
   * Takes the machine's lab folder and removes what a killed run left.
   *
   * @param events receives what happens by itself: restarts, and what the lab kubelet stumbles over
   * @throws IOException if another lab is up, or namespaces cannot be had
   */
  public static Lab open(LabSettings settings, Consumer<String> events) throws IOException {
    RunState state = RunState.claim(settings.directory());
    try {
      LabNetwork.removeLeftovers();
      return new Lab(settings, state, events);
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /** Makes namespaces, links, addresses, routes and the CNI's masquerade. */
  public void buildNetwork() throws IOException {
    network.build();
  }

  /** Starts nettools as the server outside the cluster. */
  public LabProcess startServer() throws IOException {
    String any =
        switch (settings.topology().stack()) {
          case IPV4 -> "0.0.0.0";
          case DUAL -> "::";
        };
    return supervisor.start(
        new LabCommand(
            SERVER_NAME,
            Optional.of(NetNamespace.server().path()),
            List.of(
                "nettools",
                "server",
                "-protocol",
                "web",
                "-addr",
                any,
                "-webPort",
                "" + SERVER_PORT),
            Restart.NEVER));
  }

  /** Starts three witnesses, which are silent for some seconds, on the controllers' node. */
  public void startWitnesses() throws IOException {
    Path tls = state.directory().resolve("tls").resolve("witness");
    pki.writeWitness(tls);
    for (int i = 0; i < WITNESSES; i++) {
      List<String> arguments = new ArrayList<>(List.of("witness", "--self", witnessAddress(i)));
      arguments.addAll(List.of("--monitor-port", "" + (WITNESS_MONITOR + i)));
      for (int peer = 0; peer < WITNESSES; peer++) {
        if (peer != i) {
          arguments.addAll(List.of("--peer", witnessAddress(peer)));
        }
      }
      arguments.addAll(List.of("--bind-host", controlPlane.underlay().toString()));
      arguments.addAll(List.of("--tls-dir", tls.toString()));
      startOn(controlPlane, WITNESS + (i + 1), arguments);
    }
  }

  private String witnessAddress(int index) {
    return controlPlane.underlay() + ":" + (WITNESS_PORT + index);
  }

  /**
   * Starts the Kubernetes API, real or embedded, lets the controllers' node reach it and applies
   * our custom resource definitions.
   */
  public KubeApi startApi() throws IOException {
    KubeApi started = startChosenApi(state.directory().resolve("api"));
    opened.push(started);
    api = Optional.of(started);
    KubernetesClient newClient = started.newClient();
    opened.push(newClient);
    client = Optional.of(newClient);
    Forwarder wire = Forwarder.start(controlPlane.namespace(), started.port());
    opened.push(wire);
    apiWire = Optional.of(wire);
    for (HasMetadata definition : CustomResourceDefinitions.all()) {
      newClient.resource(definition).create();
    }
    return started;
  }

  private KubeApi startChosenApi(Path directory) throws IOException {
    return switch (settings.api()) {
      case FROM_ENVIRONMENT -> KubeApi.fromEnvironment(directory, events);
      case EMBEDDED -> EmbeddedKubeApi.start(directory, events);
      case REAL ->
          RealKubeApi.start(
              KubeApi.assets()
                  .orElseThrow(
                      () ->
                          new IOException(
                              KubeApi.ASSETS_VARIABLE
                                  + " must name a folder with kube-apiserver and etcd;"
                                  + " './egressgateway test' provides one")),
              directory,
              events);
    };
  }

  /** Registers the nodes and has Deployments and Pods run from now on. */
  public void startKubelet() {
    LabKubelet started =
        new LabKubelet(
            client(), settings.topology(), network, new BareWorkloads(), Clock.systemUTC(), events);
    opened.push(started);
    kubelet = Optional.of(started);
    started.start();
  }

  /**
   * Gives the controllers a certificate, or whoever takes their part.
   *
   * @return the folder of ca.crt, controller.crt and controller.key
   */
  public Path writeControllerCertificate() throws IOException {
    Path tls = state.directory().resolve("tls").resolve("controller");
    pki.writeController(tls);
    return tls;
  }

  /** Starts the controllers, and for several of them the database that they share. */
  public void startControllers() throws IOException {
    List<String> common = new ArrayList<>();
    common.addAll(List.of("controller", "--bind-host", controlPlane.underlay().toString()));
    common.addAll(List.of("--kubeconfig", api().kubeconfig().toString()));
    // The same list for all: a first seed that comes back asks the others before it founds a
    // cluster.
    for (int i = 0; i < settings.controllers(); i++) {
      common.addAll(
          List.of("--seed", controlPlane.underlay() + ":" + ControllerPorts.of(i).artery()));
    }
    for (int i = 0; i < WITNESSES; i++) {
      common.addAll(List.of("--witness", witnessAddress(i)));
    }
    common.addAll(List.of("--lease-profile", settings.profile().name().toLowerCase(Locale.ROOT)));
    settings
        .controlStaleTimeout()
        .ifPresent(
            timeout -> common.addAll(List.of("--control-stale-timeout", "" + timeout.toSeconds())));
    Topology.CLUSTER_CIDRS.forEach(
        cidr -> common.addAll(List.of("--cluster-cidr", cidr.toString())));
    if (settings.topology().stack() == LabNode.Stack.DUAL) {
      common.addAll(List.of("--tunnel-ipv6-subnet", Topology.TUNNEL_V6.toString()));
    }
    common.addAll(List.of("--tls-dir", writeControllerCertificate().toString()));
    if (settings.controllers() > 1) {
      LabDatabase started =
          LabDatabase.start(state.directory().resolve("database"), controlPlane.namespace());
      opened.push(started);
      database = Optional.of(started);
      common.addAll(List.of("--database-url", started.url()));
    }
    for (int i = 0; i < settings.controllers(); i++) {
      ControllerPorts ports = ControllerPorts.of(i);
      List<String> arguments = new ArrayList<>(common);
      arguments.addAll(List.of("--artery-port", "" + ports.artery()));
      arguments.addAll(List.of("--management-port", "" + ports.management()));
      arguments.addAll(List.of("--agent-port", "" + ports.agents()));
      arguments.addAll(List.of("--monitor-port", "" + ports.monitor()));
      arguments.addAll(List.of("--data-dir", dataDirectory(CONTROLLER + (i + 1)).toString()));
      startOn(controlPlane, CONTROLLER + (i + 1), arguments);
    }
  }

  /** Starts the agent of each node. */
  public void startAgents() throws IOException {
    for (LabNode node : settings.topology().nodes()) {
      Path tls = state.directory().resolve("tls").resolve(node.name().value());
      pki.writeAgent(node.name(), tls);
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("agent", "--node", node.name().value()));
      for (int i = 0; i < settings.controllers(); i++) {
        arguments.addAll(
            List.of(
                "--controller", controlPlane.underlay() + ":" + ControllerPorts.of(i).agents()));
      }
      arguments.addAll(List.of("--tls-dir", tls.toString()));
      arguments.addAll(
          List.of("--state-dir", dataDirectory(AGENT + node.name().value()).toString()));
      newBoot(node);
      arguments.addAll(List.of("--boot-id-file", bootIdFile(node).toString()));
      startOn(node, AGENT + node.name(), arguments);
    }
  }

  /** Has the node's next agent believe that the node was booted anew. */
  public void newBoot(LabNode node) throws IOException {
    Path file = bootIdFile(node);
    Files.createDirectories(file.getParent());
    Files.writeString(file, UUID.randomUUID() + "\n", UTF_8);
  }

  private Path bootIdFile(LabNode node) {
    return state.directory().resolve("boot").resolve(node.name().value());
  }

  private void startOn(LabNode node, String name, List<String> arguments) throws IOException {
    supervisor.start(
        new LabCommand(name, Optional.of(node.namespace().path()), arguments, Restart.ALWAYS));
  }

  private Path dataDirectory(String process) {
    return state.directory().resolve("data").resolve(process);
  }

  /** What the product's processes answer at their ports for metrics and probes. */
  public LabProbes probes() {
    return new LabProbes(controlPlane);
  }

  /** A shell in the pod, so to speak. The caller closes it. */
  public PodExec exec(PodPlacement pod) throws IOException {
    return new PodExec(pod);
  }

  /** The settings it was opened with. */
  public LabSettings settings() {
    return settings;
  }

  /** The API, once started. */
  public KubeApi api() {
    return api.orElseThrow(() -> new IllegalStateException("the API is not started"));
  }

  /** A client with every right, once the API is started; stays the lab's. */
  public KubernetesClient client() {
    return client.orElseThrow(() -> new IllegalStateException("the API is not started"));
  }

  /** The kubelet, once started. */
  public LabKubelet kubelet() {
    return kubelet.orElseThrow(() -> new IllegalStateException("the kubelet is not started"));
  }

  /** The wires between the namespaces. */
  public LabNetwork network() {
    return network;
  }

  /** Between the controllers and the API, once it is started. */
  public Forwarder apiWire() {
    return apiWire.orElseThrow(() -> new IllegalStateException("the API is not started"));
  }

  /** Between the controllers and their database, once they are started. */
  public Forwarder databaseWire() {
    return database().wire();
  }

  /** The epochs in which an egress IP was assigned, in the order of the journal. */
  public List<Long> epochs(IpAddress eip) throws IOException {
    return database().epochs(eip);
  }

  private LabDatabase database() {
    return database.orElseThrow(
        () -> new IllegalStateException("a single controller has its database in itself"));
  }

  /** The ports on which the controllers await agents. */
  public List<Integer> agentPorts() {
    return IntStream.range(0, settings.controllers())
        .map(i -> ControllerPorts.of(i).agents())
        .boxed()
        .toList();
  }

  /** The ports of the witnesses, in order. */
  public List<Integer> witnessPorts() {
    return IntStream.range(0, WITNESSES).map(i -> WITNESS_PORT + i).boxed().toList();
  }

  /** The node on which the controllers run. */
  public LabNode controlPlane() {
    return controlPlane;
  }

  /** All processes. */
  public Supervisor supervisor() {
    return supervisor;
  }

  /** The processes of the controllers, in order. */
  public List<LabProcess> controllers() {
    return processes(CONTROLLER);
  }

  /** The processes of the agents, by node. */
  public List<LabProcess> agents() {
    return processes(AGENT);
  }

  /** The processes of the witnesses, in order. */
  public List<LabProcess> witnesses() {
    return processes(WITNESS);
  }

  private List<LabProcess> processes(String prefix) {
    return supervisor.processes().values().stream()
        .filter(process -> process.name().startsWith(prefix))
        .toList();
  }

  /** Ends everything that was started, last first; goes on after a failure and throws it then. */
  @Override
  public void close() {
    List<Exception> failures = new ArrayList<>();
    // Processes first: what they use must not vanish under them.
    opened.remove(supervisor);
    opened.push(supervisor);
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
