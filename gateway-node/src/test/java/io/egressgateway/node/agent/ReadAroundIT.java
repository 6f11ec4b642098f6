package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Elements;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.TableState;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reading that is told the elements of single keys sees all the same in a real kernel. */
final class ReadAroundIT {
  private static final int HERE = 12;
  private static final NodePlan PLAN =
      Plans.plan(Plans.mesh(HERE, 11), Plans.selection("10.244.2.5"), Plans.routedTo(11));

  private final DatapathLab lab = new DatapathLab();
  private final NetworkNamespace node;
  private final LabKernel kernel;
  private KernelState written = KernelState.empty();

  ReadAroundIT() throws Exception {
    node = lab.node(HERE);
    kernel = lab.kernel(node);
  }

  @BeforeEach
  void write() throws Exception {
    written = kernel.reconcile(PLAN).known().state();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @Test
  void aKernelThatIsAsWrittenIsReadAsThat() throws Exception {
    assertThat(readAround()).isEqualTo(written);
    assertThat(readAround().table()).isEqualTo(read().table());
  }

  @Test
  void keysThatAreGoneAreNotMissed() throws Exception {
    DatapathLab.shell(node, "nft flush map inet egressgateway pod_class_v4");

    assertThat(readAround()).isEqualTo(written);
    assertThat(read()).isNotEqualTo(written);
  }

  @Test
  void rangesAreRead() throws Exception {
    DatapathLab.shell(node, "nft flush map inet egressgateway class_eip_v4");
    DatapathLab.shell(
        node, "nft add element inet egressgateway cluster_cidrs_v4 '{ 192.0.2.0/24 }'");

    Elements found = elements(readAround());

    assertThat(found.stream().filter(element -> element.set() == LookupSet.CLASS_EIP_V4)).isEmpty();
    assertThat(found).isEqualTo(elements(read()));
    Elements.Changes changes = found.to(elements(written));
    assertThat(changes.added()).allMatch(element -> element.set() == LookupSet.CLASS_EIP_V4);
    assertThat(changes.obsolete()).allMatch(element -> element.set() == LookupSet.CLUSTER_V4);
    assertThat(changes.isEmpty()).isFalse();
  }

  @Test
  void aTableWithoutItsSetsHasNoneOfTheirElements() throws Exception {
    DatapathLab.shell(
        node, "nft delete table inet egressgateway; nft add table inet egressgateway");

    assertThat(elements(readAround())).isEmpty();
  }

  @Test
  void rulesAndRoutesAreRead() throws Exception {
    DatapathLab.shell(node, "nft insert rule inet egressgateway translate accept");
    DatapathLab.shell(node, "ip rule del priority 99");

    KernelState found = readAround();

    assertThat(found.table().map(TableState::fingerprint))
        .isNotEqualTo(written.table().map(TableState::fingerprint));
    assertThat(found.objects()).isEqualTo(read().objects()).isNotEqualTo(written.objects());
  }

  private KernelState readAround() throws Exception {
    Elements known =
        DesiredKernel.of(
                PLAN,
                kernel.thread().executor().submit(kernel.kernel()::uplink).get(),
                Tenure.LEASED)
            .elements();
    return kernel.thread().executor().submit(() -> kernel.kernel().readAround(known)).get();
  }

  private KernelState read() throws Exception {
    return kernel.thread().executor().submit(kernel.kernel()::read).get();
  }

  private static Elements elements(KernelState state) {
    return state.table().map(TableState::elements).orElse(Elements.of(List.of()));
  }
}
