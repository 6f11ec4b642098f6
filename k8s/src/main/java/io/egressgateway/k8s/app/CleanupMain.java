package io.egressgateway.k8s.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Deletes all our objects from a cluster, while the controllers still run. Exit code 1 if something
 * is left.
 */
@Command(
    name = "egressgateway cleanup",
    description =
        "Deletes all policies, gateways and what was made of them; controllers that still run let"
            + " go of them in good order.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CleanupMain implements Callable<Integer> {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the Kubernetes API (default: the service account of the pod).")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--webhook",
      paramLabel = "NAME",
      description =
          "Webhook configurations to delete first, since they might refuse what follows; may be"
              + " given several times.")
  private List<String> webhooks = new ArrayList<>();

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long controllers are given to let go of an object before its finalizers are removed"
              + " (default: ${DEFAULT-VALUE}).")
  private int patience;

  private CleanupMain() {}

  /** Parses arguments and runs; for whoever does not want this process to end. */
  public static CommandLine commandLine() {
    return new CommandLine(new CleanupMain());
  }

  /** Ends the process with the exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    System.setProperty("logback.configurationFile", "egressgateway-egctl-logback.xml");
    try (KubernetesClient client = KubernetesConnection.open(Optional.ofNullable(kubeconfig))) {
      Cleanup cleanup =
          new Cleanup(
              client,
              Duration.ofSeconds(patience),
              () -> TimeUnit.MILLISECONDS.sleep(Cleanup.POLL.toMillis()));
      webhooks.forEach(cleanup::webhooks);
      cleanup.objects(System.out::println);
      return CommandLine.ExitCode.OK;
    } catch (StartFailure | KubernetesClientException failure) {
      System.err.println("egressgateway cleanup: " + failure.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
