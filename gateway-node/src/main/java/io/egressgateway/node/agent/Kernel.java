package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.fence.FoundGate;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.Elements;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.Uplink;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel of one node. Every method blocks until the kernel has answered, and all calls must
 * come from the one {@link KernelThread}.
 */
public interface Kernel {

  /**
   * The link to the outside as it is now, before there is a plan: where egress IPs of ours are, and
   * if there are none, the agent's own choice.
   *
   * @throws KernelFault if there is no such link, or the kernel does not answer
   */
  Uplink uplink() throws KernelFault;

  /**
   * The link to the outside as it is now, of a node with this place in the mesh: the one that its
   * settings name, else the agent's own choice.
   *
   * @throws KernelFault if there is no such link, or the kernel does not answer
   */
  Uplink uplinkIn(Mesh mesh) throws KernelFault;

  /**
   * Everything of ours; nothing else.
   *
   * @throws KernelFault if the kernel does not answer
   */
  KernelState read() throws KernelFault;

  /**
   * Everything of ours; of maps and sets of single keys these elements are taken to be there, as
   * far as the kernel has the maps and sets. To read such elements costs the kernel time that grows
   * with the square of their number; those of ranges are read.
   *
   * @throws KernelFault if the kernel does not answer
   */
  KernelState readAround(Elements known) throws KernelFault;

  /**
   * A number that changes when somebody else commits an nf_tables transaction of any kind, and not
   * when {@link #apply} does.
   *
   * @throws KernelFault if the kernel does not answer
   */
  int othersTransactions() throws KernelFault;

  /**
   * The elements of our table that stand at these very keys; an absent set has none.
   *
   * @throws KernelFault if the kernel does not answer
   */
  List<Element> elements(Set<Element.Key> keys) throws KernelFault;

  /**
   * The egress IPs of a family that are on a link of this node.
   *
   * @throws KernelFault if the kernel does not answer
   */
  Set<HeldAddress> held(IpFamily family) throws KernelFault;

  /**
   * The routes and routing rules of ours of a family.
   *
   * @throws KernelFault if the kernel does not answer
   */
  Set<KernelObject> ways(IpFamily family) throws KernelFault;

  /**
   * The gates of an egress IP: one of each table of the fence.
   *
   * @throws KernelFault if the kernel does not answer
   */
  List<FoundGate> gates(IpAddress address) throws KernelFault;

  /**
   * Applies the changes in their order and stops at the first that the kernel refuses, unless the
   * rest can do without it. What was applied stays.
   *
   * @return the first refusal of what the rest can do without: the delta is not wholly carried out
   * @throws KernelFault naming the change and the kernel's reason
   * @see io.egressgateway.node.kernel.Refusals
   */
  Optional<KernelFault> apply(KernelDelta delta) throws KernelFault;

  /**
   * Forgets the tracked connections of local pods that have another egress IP than this selection
   * gives them. Their next packets are looked up like those of new ones; all others go on. A kernel
   * that does not let its connections be seen keeps them until they end.
   *
   * @param numbers by which the connections are marked
   * @return how many
   */
  int forgetObsoleteFlows(Selection selection, KernelNumbers numbers);
}
