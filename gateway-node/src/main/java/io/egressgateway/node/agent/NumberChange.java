package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.FormerNumbers;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * From one set of {@link KernelNumbers} to another, without a connection that ends and without a
 * packet that leaves with its pod's address. Rules know connections by their marks; so while the
 * connections get their new ones, those that still have old ones are dropped, by chains that come
 * and go with the table. Should the agent end in between, those chains say what is left to do.
 */
record NumberChange(RouteNetlink routing, NftNetlink nft, TrackedFlows flows) {

  /**
   * By which numbers the table in the kernel knows its packets.
   *
   * @return empty if there is no table
   */
  Optional<KernelNumbers> found() {
    return nft.tables().stream()
        .map(TableEntry::table)
        .filter(table -> table.id().equals(Ruleset.TABLE))
        .findFirst()
        .map(Ruleset::numbers);
  }

  /**
   * Puts a table of these numbers in the place of what is there.
   *
   * @param batch that replaces the table
   * @throws KernelFault if others use the numbers, and they are not in use here already; or if
   *     connections of former numbers cannot get new ones: they stay closed then
   */
  void carryOut(NftBatch batch, KernelNumbers next) throws KernelFault {
    Optional<KernelNumbers> found = found();
    if (!found.equals(Optional.of(next))) {
      refuseCollisions(next);
    }
    Set<FormerNumbers> former = new LinkedHashSet<>();
    found.map(FormerNumbers::new).ifPresent(former::add);
    if (found.isPresent()) {
      nft.chains(Ruleset.TABLE).stream()
          .map(ChainEntry::chain)
          .forEach(chain -> FormerNumbers.of(chain.id()).ifPresent(former::add));
    }
    former.removeIf(before -> before.numbers().marks().equals(next.marks()));
    former.forEach(
        before -> {
          batch.addChain(before.chain());
          batch.appendRule(before.rule());
        });
    nft.commit(batch);
    if (!former.isEmpty()) {
      for (FormerNumbers before : former) {
        flows.renumber(before.numbers(), next);
      }
      open(former);
    }
  }

  private void open(Set<FormerNumbers> former) {
    NftBatch opening = new NftBatch();
    for (FormerNumbers before : former) {
      opening.flushChain(before.chain().id());
      opening.deleteChain(before.chain().id());
    }
    nft.commit(opening);
  }

  private void refuseCollisions(KernelNumbers next) throws KernelFault {
    List<String> collisions = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      collisions.addAll(Collisions.ofRules(routing.rules(family), next));
    }
    if (!collisions.isEmpty()) {
      throw new KernelFault("put", "table " + Marks.TABLE, String.join("; ", collisions));
    }
  }
}
