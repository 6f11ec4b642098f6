package io.egressgateway.load.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** The guide's kubectl commands; both implementations must answer alike. */
final class GuideCommands {
  private GuideCommands() {}

  /** Expects the CRDs to be there; leaves nothing of its own behind but a node. */
  static void check(Kubectl kubectl, Path folder) {
    String guide = Fixture.file(folder, "guide.yaml");
    assertThat(kubectl.run("apply", "-f", guide))
        .contains("egressgateway.test.egressgateway.io/default created")
        .contains("egresspolicy.test.egressgateway.io/test created");
    assertThat(kubectl.run("apply", "-f", guide)).contains("/default unchanged");
    nodesAreLabelled(kubectl, folder);
    statusShowsInTables(kubectl);
    yamlHasTheDefaults(kubectl);
    explainKnowsTheSchema(kubectl);
    badInputIsRefused(kubectl);
    String deployment = Fixture.file(folder, "deployment.yaml");
    assertThat(kubectl.run("create", "-f", deployment))
        .contains("deployment.apps/test-app created");
    assertThat(kubectl.run("get", "deployment", "test-app", "-o", "name"))
        .contains("deployment.apps/test-app");
    assertThat(kubectl.run("delete", "-f", guide, "-f", deployment))
        .contains("egresspolicy.test.egressgateway.io \"test\" deleted");
    assertThat(kubectl.run("get", "egp", "-A")).contains("No resources found");
  }

  private static void nodesAreLabelled(Kubectl kubectl, Path folder) {
    kubectl.run("create", "-f", Fixture.file(folder, "node.yaml"));
    assertThat(kubectl.run("label", "node", "worker-node-1", "egressgateway=true"))
        .contains("node/worker-node-1 labeled");
    assertThat(kubectl.tryRun("get", "node", "-l", "egressgateway=true").words())
        .anySatisfy(
            words ->
                assertThat(words)
                    .startsWith("worker-node-1", "Ready", "<none>")
                    .endsWith("v1.26.7"));
  }

  private static void statusShowsInTables(Kubectl kubectl) {
    kubectl.run(
        "patch",
        "egresspolicy",
        "test",
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":{\"eip\":{\"ipv4\":\"10.6.168.201\"},\"node\":\"worker-node-1\"}}");
    assertThat(kubectl.tryRun("get", "EgressPolicy", "-A").words())
        .contains(
            List.of("NAMESPACE", "NAME", "GATEWAY", "IPV4", "IPV6", "EGRESSNODE"),
            List.of("default", "test", "default", "10.6.168.201", "worker-node-1"));
    assertThat(kubectl.run("get", "egp", "test", "--show-labels")).contains("LABELS");
    assertThat(kubectl.run("get", "egw", "-o", "wide")).contains("FIRSTNODE");
  }

  private static void yamlHasTheDefaults(Kubectl kubectl) {
    assertThat(kubectl.run("get", "EgressPolicy", "test", "-o", "yaml"))
        .contains(
            """
              egressIP:
                allocatorPolicy: default
                useNodeIP: false
            """)
        .contains(
            """
            status:
              eip:
                ipv4: 10.6.168.201
              node: worker-node-1
            """);
  }

  private static void explainKnowsTheSchema(Kubectl kubectl) {
    assertThat(kubectl.run("explain", "egressgateway.spec"))
        .contains("What the user asks for.")
        .contains("ippools");
  }

  private static void badInputIsRefused(Kubectl kubectl) {
    Kubectl.Result bad =
        kubectl.tryRun("patch", "egp", "test", "--type=merge", "-p", "{\"spec\":{\"priority\":0}}");
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(bad.out())
        .contains("The EgressPolicy \"test\" is invalid: spec.priority: Invalid value: 0");
    assertThat(kubectl.tryRun("get", "egp", "nope").out())
        .contains("egresspolicies.test.egressgateway.io \"nope\" not found");
  }
}
