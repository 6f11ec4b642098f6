package io.egressgateway.load.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * etcd and kube-apiserver as child processes on loopback, with certificates of their own. Where the
 * folder has a kube-controller-manager too, it deletes namespaces and the dependents of deleted
 * owners, as the embedded API does; {@link Extent} says what more there may be. There is no
 * scheduler, no kubelet and no service account admission.
 *
 * <p>Everything ends with {@link #close()}, with this process's orderly exit, and, where the system
 * has {@code setpriv}, with its kill.
 */
public final class RealKubeApi implements KubeApi {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
  private static final Duration PROBE_EVERY = Duration.ofMillis(100);
  // Free ports are looked up before the servers bind them; another process may be faster.
  private static final int PORT_ATTEMPTS_MAX = 3;

  /** How much of a cluster there is besides the API. */
  public sealed interface Extent {
    /** What deletes dependents, and what makes the pods of StatefulSets. */
    record Housekeeping() implements Extent {
      @Override
      public List<String> controllers() {
        return List.of("garbagecollector", "namespace", "serviceaccount", "statefulset");
      }
    }

    /**
     * Whatever makes pods of workloads and endpoints of services, too.
     *
     * @param proxy the Unix socket of an HTTP proxy through which the API server reaches pods
     */
    record Workloads(Path proxy) implements Extent {
      @Override
      public List<String> controllers() {
        List<String> controllers = new ArrayList<>(new Housekeeping().controllers());
        controllers.addAll(
            List.of("daemonset", "deployment", "disruption", "endpoint", "job", "replicaset"));
        return controllers;
      }
    }

    /** The controllers of kube-controller-manager that run, if that is there. */
    List<String> controllers();
  }

  private record Ports(int etcdClient, int etcdPeer, int secure) {
    static Ports free() throws IOException {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      // All are held until the last is known, so that they differ.
      try (ServerSocket first = new ServerSocket(0, 1, loopback);
          ServerSocket second = new ServerSocket(0, 1, loopback);
          ServerSocket third = new ServerSocket(0, 1, loopback)) {
        return new Ports(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
      }
    }
  }

  /** What is started, and again after a crash. */
  private record Servers(
      KubeProcesses processes, Ports ports, String authority, ThrowawayPki.Identity client) {}

  private final Path home;
  private final Path kubeconfig;
  private final Servers servers;
  private final List<ChildProcess> children = new CopyOnWriteArrayList<>();
  private boolean stopped;
  private final Thread hook = new Thread(this::end, "stop-kube-apiserver");

  private RealKubeApi(Path home, Path kubeconfig, Servers servers) {
    this.home = home;
    this.kubeconfig = kubeconfig;
    this.servers = servers;
  }

  /**
   * Starts the servers and waits until {@code /readyz} says ok.
   *
   * @param assets holds {@code etcd}, {@code kube-apiserver}, perhaps {@code
   *     kube-controller-manager}
   * @param directory where the kubeconfig, certificates, data and logs are written
   * @param progress receives one line per step, for people
   * @throws IOException if a binary is missing, a server ends, or it is not ready in two minutes;
   *     logs are then kept and named
   */
  public static RealKubeApi start(Path assets, Path directory, Consumer<String> progress)
      throws IOException {
    return start(assets, directory, new Extent.Housekeeping(), progress);
  }

  /**
   * The same, with more of a cluster around it.
   *
   * @throws IOException as above, and if workloads are wanted and kube-controller-manager is
   *     missing
   */
  public static RealKubeApi start(
      Path assets, Path directory, Extent extent, Consumer<String> progress) throws IOException {
    if (extent instanceof Extent.Workloads
        && !Files.isExecutable(assets.resolve("kube-controller-manager"))) {
      throw new IOException(
          "no executable kube-controller-manager in %s, and nobody else makes pods"
              .formatted(assets));
    }
    for (String name : List.of("etcd", "kube-apiserver")) {
      if (!Files.isExecutable(assets.resolve(name))) {
        throw new IOException(
            "no executable %s in %s: set %s to a folder that has it"
                .formatted(name, assets, ASSETS_VARIABLE));
      }
    }
    IOException last = new IOException("not tried");
    for (int attempt = 1; attempt <= PORT_ATTEMPTS_MAX; attempt++) {
      try {
        return startOnce(assets, directory, extent, progress);
      } catch (PortTakenException taken) {
        progress.accept("a port was taken meanwhile, trying others");
        last = taken;
      }
    }
    throw last;
  }

  private static RealKubeApi startOnce(
      Path assets, Path directory, Extent extent, Consumer<String> progress) throws IOException {
    Path home = directory.resolve("kube-apiserver");
    OwnedFiles.delete(home);
    Files.createDirectories(home);
    Ports ports = Ports.free();
    ThrowawayPki pki = ThrowawayPki.create(Instant.now());
    Servers servers =
        new Servers(
            new KubeProcesses(assets, home, extent), ports, pki.authority(), pki.administrator());
    RealKubeApi api = new RealKubeApi(home, directory.resolve("kubeconfig"), servers);
    Runtime.getRuntime().addShutdownHook(api.hook);
    boolean ready = false;
    try {
      api.write(pki);
      api.launch(progress);
      ready = true;
      return api;
    } finally {
      if (!ready) {
        // The logs stay for whoever reads the error.
        api.stop();
        api.unhook();
      }
    }
  }

  private void write(ThrowawayPki pki) throws IOException {
    ThrowawayPki.Identity server = pki.server();
    ThrowawayPki.Identity tokens = pki.tokenSigner();
    ThrowawayPki.write(home.resolve("ca.crt"), pki.authority());
    ThrowawayPki.write(home.resolve("apiserver.crt"), server.certificate());
    ThrowawayPki.write(home.resolve("apiserver.key"), server.key());
    ThrowawayPki.write(home.resolve("sa.pub"), tokens.certificate());
    ThrowawayPki.write(home.resolve("sa.key"), tokens.key());
    new Kubeconfig(
            baseUrl(),
            new Kubeconfig.Credentials.Certificates(
                pki.authority(), servers.client().certificate(), servers.client().key()))
        .write(kubeconfig);
  }

  private void launch(Consumer<String> progress) throws IOException {
    Instant start = Instant.now();
    KubeProcesses processes = servers.processes();
    Ports ports = servers.ports();
    progress.accept("starting etcd on 127.0.0.1:" + ports.etcdClient());
    adopt(processes.etcd(ports.etcdClient(), ports.etcdPeer()));
    progress.accept("starting kube-apiserver on 127.0.0.1:" + ports.secure());
    adopt(processes.apiServer(ports.etcdClient(), ports.secure()));
    try (ReadinessProbe probe =
        ReadinessProbe.of(baseUrl(), servers.authority(), servers.client())) {
      awaitReady(probe, start, progress);
    }
    if (processes.hasControllerManager()) {
      adopt(processes.controllerManager(kubeconfig));
      progress.accept("started kube-controller-manager");
    }
    progress.accept(
        "%s is ready after %d ms"
            .formatted(description(), Duration.between(start, Instant.now()).toMillis()));
  }

  private void awaitReady(ReadinessProbe probe, Instant start, Consumer<String> progress)
      throws IOException {
    Instant deadline = start.plus(READY_WITHIN);
    Instant nextWord = start.plus(PROGRESS_EVERY);
    while (!probe.isReady()) {
      for (ChildProcess child : children) {
        if (!child.isAlive()) {
          IOException notice = child.deathNotice();
          throw String.valueOf(notice.getMessage()).contains("address already in use")
              ? new PortTakenException(notice)
              : notice;
        }
      }
      Instant now = Instant.now();
      if (now.isAfter(deadline)) {
        throw new IOException(
            "kube-apiserver is not ready after %d s; read the logs in %s"
                .formatted(READY_WITHIN.toSeconds(), home));
      }
      if (now.isAfter(nextWord)) {
        progress.accept(
            "waiting for kube-apiserver (%d s)"
                .formatted(Duration.between(start, now).toSeconds()));
        nextWord = now.plus(PROGRESS_EVERY);
      }
      LockSupport.parkNanos(PROBE_EVERY.toNanos());
    }
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public URI baseUrl() {
    return URI.create("https://127.0.0.1:" + servers.ports().secure() + "/");
  }

  /** Where the API server stores objects: for more of them than can be created one by one. */
  public URI store() {
    return URI.create("http://127.0.0.1:" + servers.ports().etcdClient() + "/");
  }

  @Override
  public String description() {
    return "kube-apiserver at " + baseUrl();
  }

  /**
   * Kills all servers, as a machine does that loses its power, and starts them again with what etcd
   * has on disk. Returns when the API is ready. For one thread at a time.
   *
   * @param progress receives one line per step, for people
   * @throws IOException if one does not start again
   */
  public void crash(Consumer<String> progress) throws IOException {
    killAll();
    launch(progress);
  }

  private synchronized void killAll() throws IOException {
    for (ChildProcess child : children.reversed()) {
      child.kill();
    }
    children.clear();
  }

  @Override
  public void close() {
    end();
    unhook();
  }

  /** The process may be told to end while it still starts the next child. */
  private synchronized void adopt(ChildProcess child) throws IOException {
    if (stopped) {
      child.close();
      throw new IOException("the API server was stopped while it started");
    }
    children.add(child);
  }

  private synchronized void end() {
    stop();
    OwnedFiles.delete(home);
    OwnedFiles.delete(kubeconfig);
  }

  /** Last started, first stopped: etcd outlives its client. */
  private synchronized void stop() {
    children.reversed().forEach(ChildProcess::close);
    children.clear();
    stopped = true;
  }

  private void unhook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException exiting) {
      // The process ends: the hook runs, and finds everything stopped.
      return;
    }
  }

  /** A child could not bind its port. */
  private static final class PortTakenException extends IOException {
    private static final long serialVersionUID = 1L;

    PortTakenException(IOException notice) {
      super(notice.getMessage(), notice);
    }
  }
}
