package io.egressgateway.node.netlink.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A named network namespace, in the place where {@code ip netns} keeps them: for labs and tests.
 * The agent itself stays in the namespace it is started in.
 *
 * <p>Thread-safe: everything that enters a namespace does so on a platform thread of its own, which
 * ends with the call.
 */
public final class NetworkNamespace {
  private static final Path DIRECTORY = Path.of("/run/netns");
  private static final String OF_THREAD = "/proc/thread-self/ns/net";
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final long MS_BIND = 0x1000;
  private static final long MS_REC = 0x4000;
  private static final long MS_SHARED = 0x100000;
  private static final int MNT_DETACH = 2;

  private final String name;

  private NetworkNamespace(String name) {
    this.name = name;
  }

  /** The namespace with this name, which need not exist yet. */
  public static NetworkNamespace named(String name) {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.startsWith(".")) {
      throw new IllegalArgumentException("'" + name + "' is no namespace name");
    }
    return new NetworkNamespace(name);
  }

  /**
   * Makes a namespace. Equivalent to: {@code ip netns add NAME}.
   *
   * @throws UncheckedIOException if the name is taken or the directory cannot be written
   */
  public static NetworkNamespace create(String name) {
    NetworkNamespace namespace = named(name);
    prepareDirectory();
    try {
      Files.createFile(namespace.path());
    } catch (IOException e) {
      throw new UncheckedIOException("create network namespace " + name, e);
    }
    try {
      onOwnThread(
          "new network namespace " + name,
          () -> {
            SystemCalls.check(
                "unshare for namespace " + name,
                () -> SystemCalls.NAMESPACES.unshare(CLONE_NEWNET));
            mount(OF_THREAD, namespace.path(), MS_BIND);
            return name;
          });
    } catch (RuntimeException e) {
      namespace.deleteFile();
      throw e;
    }
    return namespace;
  }

  // Shared, so that what is mounted here shows in mount namespaces made before: as iproute2 does
  // it.
  private static synchronized void prepareDirectory() {
    try {
      Files.createDirectories(DIRECTORY);
    } catch (IOException e) {
      throw new UncheckedIOException("create " + DIRECTORY, e);
    }
    try {
      mount("", DIRECTORY, MS_SHARED | MS_REC);
    } catch (NetlinkException notAMountPoint) {
      mount(DIRECTORY.toString(), DIRECTORY, MS_BIND | MS_REC);
      mount("", DIRECTORY, MS_SHARED | MS_REC);
    }
  }

  private static void mount(String source, Path target, long flags) {
    SystemCalls.check(
        "mount " + target,
        () -> SystemCalls.NAMESPACES.mount(source, target.toString(), "none", flags, null));
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** Where the namespace is mounted. */
  public Path path() {
    return DIRECTORY.resolve(name);
  }

  /** Whether it exists. */
  public boolean exists() {
    return Files.exists(path());
  }

  /**
   * Removes the name; the namespace itself goes when nothing is left in it. Equivalent to: {@code
   * ip netns delete NAME}.
   */
  public void delete() {
    SystemCalls.check(
        "unmount " + path(), () -> SystemCalls.NAMESPACES.umount2(path().toString(), MNT_DETACH));
    deleteFile();
  }

  private void deleteFile() {
    try {
      Files.delete(path());
    } catch (IOException e) {
      throw new UncheckedIOException("delete network namespace " + name, e);
    }
  }

  /** Opens the namespace, for {@code IFLA_NET_NS_FD}. */
  public NamespaceHandle open() {
    long fd =
        SystemCalls.check(
            "open namespace " + name,
            () -> SystemCalls.NAMESPACES.open(path().toString(), O_RDONLY_CLOEXEC));
    return new NamespaceHandle((int) fd);
  }

  /** Opens the namespace of the calling thread. */
  public static NamespaceHandle openCurrent() {
    long fd =
        SystemCalls.check(
            "open the thread's namespace",
            () -> SystemCalls.NAMESPACES.open(OF_THREAD, O_RDONLY_CLOEXEC));
    return new NamespaceHandle((int) fd);
  }

  /**
   * Runs {@code task} within the namespace, on a fresh platform thread, and waits for it. Sockets
   * that it opens stay in the namespace wherever they are used later.
   *
   * @throws NamespaceTaskFailed with the cause if the task throws a checked exception
   */
  public <T> T run(Callable<T> task) {
    return onOwnThread(
        "in network namespace " + name,
        () -> {
          enter();
          return task.call();
        });
  }

  /**
   * Moves the calling platform thread into the namespace, for good; for threads one starts oneself.
   */
  public void enter() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("only a platform thread can enter a namespace");
    }
    try (NamespaceHandle handle = open()) {
      SystemCalls.check(
          "enter namespace " + name, () -> SystemCalls.NAMESPACES.setns(handle.fd(), CLONE_NEWNET));
    }
  }

  private static <T> T onOwnThread(String threadName, Callable<T> task) {
    FutureTask<T> result = new FutureTask<>(task);
    Thread.ofPlatform().name(threadName).daemon(true).start(result);
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NamespaceTaskFailed(threadName + ": interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new NamespaceTaskFailed(threadName, e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
