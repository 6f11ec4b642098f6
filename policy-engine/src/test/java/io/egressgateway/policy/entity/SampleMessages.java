package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import com.google.protobuf.ByteString;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.ConnectionReplication;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.PortShortage;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Requirement;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.Selection;
import io.egressgateway.core.model.Tenants;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.domain.Tenure;
import io.egressgateway.policy.plan.Binding;
import io.egressgateway.policy.plan.EipRoute;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Fitness;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.OrderRefusal;
import io.egressgateway.policy.plan.Refusal;
import io.egressgateway.policy.plan.TunnelAddressing;
import io.egressgateway.policy.plan.Verdict;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One message of every kind that goes from controller to controller, with every kind of value. */
record SampleMessages(
    ActorRef<StatusReport> listener,
    ActorRef<AgentOffer> session,
    ActorRef<NumberingEntity.Reply> numbers,
    ActorRef<GatewayEntity.OrderReply> orders,
    ActorRef<GatewayEntity.Explained> explanations,
    ActorRef<Sluice.Passed> marks,
    ActorRef<NodeEntity.Traced> traces,
    ActorRef<KernelAnswer> kernels) {
  static final GatewayName GATEWAY = new GatewayName("default");
  static final NodeName NODE = new NodeName("worker-1");
  static final NodeSession SESSION = new NodeSession(NODE, "boot", 1);
  static final PolicyKey POLICY = new PolicyKey.Namespaced("default", "test");
  static final PolicyKey CLUSTER_POLICY = new PolicyKey.ClusterScoped("test");
  static final IpAddress EIP = IpAddress.of("10.6.168.201");
  static final IpAddress EIP6 = IpAddress.of("fd00::201");
  static final SpecVersion VERSION = new SpecVersion("uid", new Generation(3));
  static final TunnelSettings TUNNEL =
      new TunnelSettings(
              "egress.vxlan",
              100,
              7789,
              new TunnelSettings.Subnets(
                  Optional.of(Cidr.of("172.31.0.0/16")), Optional.of(Cidr.of("fd11::/112"))))
          .on(Optional.of("bond0"))
          .excluding(List.of(new LinkPattern("^cali.*"), new LinkPattern("br-*")));

  List<ClusterMessage> all() {
    return Stream.of(
            policy(),
            gateway(),
            eip(),
            node(),
            traced(),
            numbering(),
            offers(),
            reports(),
            requests())
        .flatMap(List::stream)
        .toList();
  }

  private List<ClusterMessage> policy() {
    return List.of(
        new PolicyEntity.Apply(VERSION, spec(new EgressIpRequest.Default(), pods()), listener),
        new PolicyEntity.Apply(VERSION, spec(new EgressIpRequest.RoundRobin(), pods()), listener),
        new PolicyEntity.Apply(VERSION, spec(new EgressIpRequest.NodeAddress(), pods()), listener),
        new PolicyEntity.Apply(
            VERSION,
            spec(
                new EgressIpRequest.Explicit(
                    Ipv4Address.parse("10.6.168.202"), Ipv6Address.parse("fd00::2")),
                new Selection.Subnets(
                    CidrSet.of(Cidr.of("10.0.0.0/8"), Cidr.of("fd00::/64")), Optional.empty())),
            listener),
        new PolicyEntity.Withdraw(listener),
        new PolicyEntity.Subscribe(NODE, Optional.empty()),
        new PolicyEntity.Subscribe(NODE, Optional.of(bound())),
        new PolicyEntity.Allocated(GATEWAY, VERSION, holdings(), FailMode.OPEN),
        new PolicyEntity.Refused(GATEWAY, VERSION, Refusal.POOL_EXHAUSTED, "all taken"),
        new PolicyEntity.Freed(GATEWAY),
        new PolicyEntity.Repeat(),
        new PolicyEntity.Sweep());
  }

  private List<ClusterMessage> gateway() {
    return List.of(
        new GatewayEntity.Apply(
            VERSION,
            new EgressGatewaySpec(
                IpPool.of(
                    IpFamily.IPV4,
                    List.of(
                        new IpRange(EIP, IpAddress.of("10.6.168.205")),
                        IpRange.single(IpAddress.of("10.6.168.210")))),
                IpPool.of(IpFamily.IPV6, List.of(Cidr.of("fd00::/64").range())),
                Ipv4Address.parse("10.6.168.203"),
                Optional.empty(),
                selector(),
                ClusterDefault.YES,
                FailMode.OPEN,
                new Tenants.Selected(selector(), new TreeSet<>(List.of("shop", "team-a"))),
                WitnessLoss.HOLD,
                ConnectionReplication.ON),
            members(),
            listener),
        new GatewayEntity.Retire(listener),
        new GatewayEntity.Allocate(POLICY, VERSION, new EgressIpRequest.Default()),
        new GatewayEntity.Free(CLUSTER_POLICY),
        new GatewayEntity.OwnerChanged(
            EIP,
            new Tenure(
                new Holding.Programmed(NODE),
                Optional.of(SESSION),
                new Epoch(4),
                WitnessLoss.HOLD)),
        new GatewayEntity.NodeStood(
            NODE, new NodeStanding(Optional.of(SESSION), NodeStanding.Kind.HOLDING)),
        new GatewayEntity.ConflictSeen(EIP, NODE, MacAddress.of("02:00:00:00:00:01")),
        new GatewayEntity.MoveEip(EIP, NODE, "order", orders),
        new GatewayEntity.Rebalance("order", orders),
        new GatewayEntity.OrderAccepted("order"),
        new GatewayEntity.OrderDeclined("order", OrderRefusal.NODE_NOT_FIT, "cordoned"),
        new GatewayEntity.Explain(EIP, explanations),
        explained(),
        new GatewayEntity.WatchAgain(),
        new GatewayEntity.Repeat(),
        new GatewayEntity.Settle(),
        new GatewayEntity.Reconsider(POLICY),
        new GatewayEntity.PrepareRefuges(NODE),
        new GatewayEntity.Report(),
        new GatewayEntity.Mark(marks, 128));
  }

  private static GatewayEntity.Explained explained() {
    return new GatewayEntity.Explained(
        EIP,
        new TreeSet<>(List.of(POLICY, CLUSTER_POLICY)),
        new GatewayEntity.Place(
            Optional.of(NODE), new Holding.Programmed(NODE), Optional.of(new NodeName("other"))),
        new TreeMap<>(
            Map.of(
                NODE,
                new GatewayEntity.Candidate(
                    Eligibility.ELIGIBLE, Optional.of(NodeStanding.Kind.LEASED), Fitness.GOOD, 1),
                new NodeName("other"),
                new GatewayEntity.Candidate(
                    Eligibility.NOT_READY, Optional.empty(), Fitness.UNFIT, 0))));
  }

  private List<ClusterMessage> eip() {
    return List.of(
        new EipEntity.Assign(GATEWAY, SESSION, WitnessLoss.HOLD),
        new EipEntity.Unassign(GATEWAY),
        new EipEntity.Inquire(GATEWAY),
        new EipEntity.Prepare(SESSION),
        new EipEntity.EipPrepared(NODE),
        new EipEntity.FlowsHanded(NODE),
        new EipEntity.PreparationOver(),
        new EipEntity.Settle(),
        new EipEntity.SessionOver(certificate()),
        new EipEntity.SessionOver(new OwnershipProof.LaterIncarnation(SESSION, SESSION.next())),
        new EipEntity.SessionOver(new OwnershipProof.FenceAsserted(SESSION, "jane", "unplugged")),
        new EipEntity.Stopped(new Epoch(4), new OwnershipProof.NeverGranted(SESSION)),
        new EipEntity.Stopped(new Epoch(4), new OwnershipProof.NeverHeld()),
        new EipEntity.Subscribe(NODE, Optional.of(route())),
        new EipEntity.GrantOpened(SESSION, new Epoch(4)),
        new EipEntity.Stopped(new Epoch(4), new OwnershipProof.ReleaseAcknowledged(SESSION)),
        new EipEntity.NumberAnswered(new NumberingEntity.Numbered(NumberSpace.EIP, "a", 1)),
        new EipEntity.Repeat(),
        new EipEntity.Sweep());
  }

  private List<ClusterMessage> node() {
    return List.of(
        new NodeEntity.Observe(
            new NodeInventory(
                "uid",
                new NodeNumber(1),
                IpAddress.of("10.6.168.11"),
                TUNNEL,
                new TreeMap<>(Map.of(NODE, endpoint(1))),
                CidrSet.of(Cidr.of("10.244.0.0/16"), Cidr.of("fd01::/48"))),
            listener),
        new NodeEntity.Endpoints(
            new TreeMap<>(
                Map.of(
                    IpAddress.of("10.244.1.2"), new TreeSet<>(List.of(POLICY, CLUSTER_POLICY))))),
        new NodeEntity.Remove(listener),
        bound(),
        new NodeEntity.PolicyBound(CLUSTER_POLICY, Optional.empty()),
        new NodeEntity.EipRouted(EIP, route()),
        new NodeEntity.Watch(GATEWAY, NodeEntity.Relief.READY),
        new NodeEntity.PrepareEip(EIP, new EipNumber(1)),
        new NodeEntity.HandOverFlows(parcel().eip(), NODE),
        new NodeEntity.FlowsFound(NODE, parcel()),
        new NodeEntity.FlowsArrived(NODE, parcel()),
        new NodeEntity.FlowsInstalled(EIP, 3, 1),
        new NodeEntity.ReplicateFlows(GATEWAY, new TreeMap<>(Map.of(EIP, NODE))),
        new NodeEntity.ReplicaFound(NODE, replica()),
        new NodeEntity.ReplicaArrived(NODE, replica()),
        new NodeEntity.Trace(IpAddress.of("10.244.1.2"), EIP, traces),
        new NodeEntity.AskKernel(ofPod(), kernels),
        new NodeEntity.KernelAnswered(7, new KernelAnswer.Refused("busy")),
        new NodeEntity.KernelAnswered(7, read()),
        new NodeEntity.GrantEip(EIP, new EipNumber(1), new Epoch(1), SESSION, WitnessLoss.HOLD),
        new NodeEntity.WithdrawEip(EIP6, new Epoch(1), SESSION, WitnessLoss.HOLD),
        new NodeEntity.Beat(session, SESSION, Standing.UPLINK_DOWN),
        new NodeEntity.EipOpened(SESSION, EIP, new Epoch(1)),
        new NodeEntity.EipReleased(SESSION, EIP, new Epoch(1)),
        new NodeEntity.ConflictFound(EIP, MacAddress.of("02:00:00:00:00:01")),
        new NodeEntity.Voted(SESSION, 1, 2),
        new NodeEntity.VoteHeld(SESSION, 1, 2, Duration.ofMillis(3)),
        new NodeEntity.Wake(),
        new NodeEntity.Settle(),
        new NodeEntity.AssertFence("me", "unplugged", "order", orders),
        new NodeEntity.Speak(),
        new NodeEntity.Insist(),
        new NodeEntity.Attach(new AgentHello("boot", 7, new Revision(3), "1.0"), session),
        new NodeEntity.Detach(session),
        new NodeEntity.PlanApplied(session, new Revision(3)),
        new NodeEntity.PlanFailed(
            session, new Revision(3), List.of(new AgentFault("add route", "table 1", "EPERM"))),
        new NodeEntity.FactsFound(facts()),
        new NodeEntity.Repeat(),
        new NodeEntity.Renew(),
        new NodeEntity.Replan(),
        new NodeEntity.Reoffer(),
        new NodeEntity.PatienceOver(),
        new NodeEntity.GraceOver(),
        new NodeEntity.Mark(marks, 128));
  }

  private static FlowReplica replica() {
    return new FlowReplica(parcel().eip(), 5, 6, ByteString.copyFrom(new byte[] {3, 0, -1}));
  }

  private static FlowParcel parcel() {
    return new FlowParcel(
        new FlowParcel.Eip(EIP, new EipNumber(1)),
        2,
        FlowParcel.Place.LAST,
        ByteString.copyFrom(new byte[] {1, -1, 0}));
  }

  private static KernelQuestion ofPod() {
    return new KernelQuestion.OfPod(
        IpAddress.of("10.244.1.2"), EIP, Optional.of(new EipNumber(1)), Optional.of(NODE));
  }

  private static KernelAnswer.Read read() {
    return new KernelAnswer.Read(
        List.of(
            new KernelAnswer.Fact(
                "class of the pod", "1", "nothing", KernelAnswer.Agreement.DIFFERS)));
  }

  private static List<ClusterMessage> traced() {
    return List.of(
        new KernelAnswer.Refused("busy"),
        read(),
        new NodeEntity.Traced(
            Optional.of(new Verdict.Taken(POLICY, new Priority(3), EIP, route())),
            new Revision(3),
            Optional.of(new Revision(2))),
        new NodeEntity.Traced(
            Optional.of(new Verdict.Unanswered()), new Revision(3), Optional.empty()),
        new NodeEntity.Traced(
            Optional.of(
                new Verdict.LeftAlone(Verdict.Reason.FAILS_OPEN, Optional.of(CLUSTER_POLICY))),
            Revision.ZERO,
            Optional.empty()),
        new NodeEntity.Traced(Optional.empty(), Revision.ZERO, Optional.empty()));
  }

  private List<ClusterMessage> numbering() {
    return List.of(
        new NumberingEntity.Assign("worker-1", numbers),
        new NumberingEntity.Free("worker-1"),
        new NumberingEntity.Settle(),
        new NumberingEntity.Mark(marks, 128),
        new NumberingEntity.Numbered(NumberSpace.NODE, "worker-1", 1),
        new NumberingEntity.Exhausted(NumberSpace.NODE, "worker-1"));
  }

  private List<ClusterMessage> offers() {
    return List.of(
        new AgentOffer.WholePlan(plan(1, CidrSet.empty())),
        new AgentOffer.ChangedPlan(
            PlanDelta.between(
                plan(1, CidrSet.empty()), plan(2, CidrSet.of(Cidr.of("10.244.0.0/16"))))),
        new AgentOffer.Enlist(
            LeaseProfile.DEFAULT.terms(),
            List.of(new WitnessAddress("witness-0.example", 5831)),
            "digest"),
        new AgentOffer.Dismiss(),
        new AgentOffer.Introduce(),
        new AgentOffer.Grant(EIP, new Epoch(1), SESSION, WitnessLoss.HOLD),
        new AgentOffer.WantFlows(parcel().eip(), NODE),
        new AgentOffer.TakeFlows(NODE, parcel()),
        new AgentOffer.Replicate(List.of(new AgentOffer.Replicated(parcel().eip(), NODE))),
        new AgentOffer.TakeReplica(NODE, replica()),
        new AgentOffer.Release(EIP6, new Epoch(1), SESSION),
        new AgentOffer.Fence(SESSION),
        new AgentOffer.AskKernel(7, ofPod()),
        new AgentOffer.AskKernel(
            8, new KernelQuestion.OfHolder(new EipNumber(1), EIP6, NODE, EIP6)),
        new AgentOffer.Superseded());
  }

  private List<ClusterMessage> reports() {
    TreeSet<Condition> conditions =
        new TreeSet<>(
            List.of(Condition.ready("Fine", "well"), Condition.notReady("Broken", "do this")));
    return List.of(
        new StatusReport.PolicyReport(POLICY, VERSION, holdings(), conditions),
        new StatusReport.PolicyGone(POLICY),
        new StatusReport.GatewayReport(
            GATEWAY,
            VERSION,
            members(),
            new TreeMap<>(Map.of(NODE, NodeStanding.Kind.SILENT)),
            new StatusReport.Pools(
                new TreeSet<>(List.of(EIP, EIP6)),
                new TreeMap<>(
                    Map.of(
                        EIP,
                        new StatusReport.Placement(
                            Optional.of(NODE),
                            new Holding.Leaving(NODE),
                            new TreeSet<>(List.of(POLICY))))),
                new TreeMap<>(
                    Map.of(
                        IpFamily.IPV6,
                        new StatusReport.PoolUsage(BigInteger.TWO.pow(64), BigInteger.ONE)))),
            conditions),
        new StatusReport.GatewayRetiring(
            GATEWAY, new TreeSet<>(List.of(POLICY, CLUSTER_POLICY)), conditions),
        new StatusReport.GatewayGone(GATEWAY),
        new StatusReport.NodeReport(
            NODE,
            Optional.of(TunnelAddressing.identity(new NodeNumber(1), TUNNEL.subnets())),
            Optional.of(facts()),
            StatusReport.Phase.READY,
            conditions),
        new StatusReport.NodeGone(NODE));
  }

  private List<ClusterMessage> requests() {
    return List.of(
        new SpecRequest.OfPolicy(CLUSTER_POLICY),
        new SpecRequest.OfGateway(GATEWAY),
        new SpecRequest.OfNode(NODE),
        new WatcherMessage.Obstacles(
            "127.0.0.1:25520", new TreeSet<>(List.of(FailoverObstacle.JOURNAL_SLOW))));
  }

  private static EgressPolicySpec spec(EgressIpRequest request, Selection selection) {
    return new EgressPolicySpec(
        GATEWAY,
        request,
        selection,
        CidrSet.of(Cidr.of("0.0.0.0/0"), Cidr.of("2001:db8::/32")),
        Priority.NAMESPACED_DEFAULT);
  }

  private static Selection pods() {
    return new Selection.Pods(selector(), Optional.of(LabelSelector.everything()));
  }

  private static LabelSelector selector() {
    return new LabelSelector(
        new TreeMap<>(Map.of("app", "test")),
        List.of(
            Requirement.in("tier", List.of("a", "b")),
            Requirement.notIn("zone", List.of("c")),
            new Requirement.Exists("x"),
            new Requirement.DoesNotExist("y")));
  }

  private static SortedMap<NodeName, Eligibility> members() {
    TreeMap<NodeName, Eligibility> members = new TreeMap<>();
    for (Eligibility eligibility : Eligibility.values()) {
      members.put(new NodeName("node-" + members.size()), eligibility);
    }
    return members;
  }

  private static SortedMap<IpAddress, Holding> holdings() {
    List<Holding> kinds =
        List.of(
            new Holding.Nobody(),
            new Holding.Unplaced(),
            new Holding.Assigned(NODE),
            new Holding.Programmed(NODE),
            new Holding.Leaving(NODE),
            new Holding.Occupied(GATEWAY));
    TreeMap<IpAddress, Holding> holdings = new TreeMap<>();
    kinds.forEach(holding -> holdings.put(new Ipv4Address(kinds.indexOf(holding)), holding));
    return holdings;
  }

  /** What a policy with these egress IPs and nothing out of the ordinary says. */
  static NodeEntity.PolicyBound bound(PolicyKey policy, SortedSet<IpAddress> eips) {
    return new NodeEntity.PolicyBound(
        policy,
        Optional.of(
            new Binding(CidrSet.empty(), Priority.NAMESPACED_DEFAULT, eips, FailMode.CLOSED)));
  }

  private static NodeEntity.PolicyBound bound() {
    return new NodeEntity.PolicyBound(
        POLICY,
        Optional.of(
            new Binding(
                CidrSet.empty(),
                Priority.NAMESPACED_DEFAULT,
                new TreeSet<>(List.of(EIP, EIP6)),
                FailMode.OPEN)));
  }

  private static OwnershipProof certificate() {
    return new OwnershipProof.Certificate(SESSION, 7, new TreeSet<>(List.of(0, 2)));
  }

  private static EipRoute route() {
    return new EipRoute(new EipNumber(1), Optional.of(NODE), new Epoch(2));
  }

  private static AgentFacts facts() {
    return new AgentFacts(
        "eth0",
        1500,
        MacAddress.parse("02:00:00:00:00:01"),
        new TreeSet<>(List.of(IpAddress.of("10.6.168.11"))),
        -1200,
        new TreeSet<>(List.of(new NodeName("gateway-1"))),
        new NodeFindings(
            new TreeSet<>(List.of("rule 9")),
            new TreeSet<>(
                List.of(
                    new PortShortage(
                        IpAddress.of("10.6.168.201"), 6, IpAddress.of("8.8.8.8"), 443)))));
  }

  private static TunnelEndpoint endpoint(int number) {
    return TunnelAddressing.endpoint(
        new NodeName("worker-" + number),
        new Ipv4Address(number),
        TunnelAddressing.identity(new NodeNumber(number), TUNNEL.subnets()));
  }

  private static NodePlan plan(long revision, CidrSet clusterCidrs) {
    return new NodePlan(
        new Revision(revision),
        Mesh.of(endpoint(1), TUNNEL, List.of(endpoint(2))),
        new io.egressgateway.core.plan.Selection(
            clusterCidrs,
            new TreeMap<>(Map.of(IpAddress.of("10.244.1.2"), new ClassNumber(1))),
            new TreeSet<>(
                List.of(
                    new ClassRule(
                        new ClassNumber(1), Cidr.everything(IpFamily.IPV4), new EipNumber(1))))),
        new Ownership(
            new TreeMap<>(Map.of(new EipNumber(1), new NodeNumber(2))),
            new TreeMap<>(Map.of(new EipNumber(2), EIP))));
  }
}
