package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.k8s.egctl.Explainer.PolicyView;
import io.egressgateway.k8s.egctl.Explanation.Answer;
import io.egressgateway.k8s.egctl.NameArgument.PodName;
import io.egressgateway.k8s.inspect.TraceDocument;
import io.egressgateway.k8s.translate.PodFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows a pod's packets, with the Kubernetes API and a controller. */
record Tracing(Cluster cluster, ControllerLine controller) {

  /** What becomes of the pod's new connections to the destination. */
  Trace trace(PodName name, IpAddress destination) throws EgctlException {
    Explainer explainer = new Explainer(cluster, controller);
    Optional<PodFacts> facts = explainer.facts(name);
    if (facts.isEmpty()) {
      return new Trace(
          name.toString(), destination.toString(), List.of(PodExplanations.UNSELECTABLE), null);
    }
    PodFacts pod = facts.get();
    IpAddress source =
        pod.addresses().stream()
            .filter(address -> address.family() == destination.family())
            .findFirst()
            .orElseThrow(
                () ->
                    new EgctlException(
                        "pod "
                            + name
                            + " has no "
                            + destination.family()
                            + " address, only "
                            + pod.addresses()
                            + ": it cannot send to "
                            + destination));
    TraceDocument document = controller.trace(cluster, pod.node(), source, destination);
    List<PolicyView> policies = PolicyView.all(cluster);
    List<Answer> answers = new ArrayList<>(explainer.selecting(policies, pod, Optional.empty()));
    answers.add(new Answer("so it is", TraceText.decision(document.decision())));
    TraceDocument.Source egress = document.decision().source();
    if (egress != null) {
      IpAddress address = IpAddress.of(egress.egressIp());
      answers.add(
          new Answer(
              "source",
              NodeAddressSlot.describe(address)
                  + ", number "
                  + egress.number()
                  + " in the tunnel"));
      explainer
          .gatewayOf(policies, String.valueOf(document.decision().policy()))
          .map(GatewayName::toString)
          .ifPresent(gateway -> answers.add(new Answer("gateway", "EgressGateway " + gateway)));
      answers.add(new Answer("held by", holder(egress, address)));
    }
    answers.add(new Answer("pod's node", TraceText.node(source, document)));
    return new Trace(name.toString(), destination.toString(), answers, document);
  }

  private String holder(TraceDocument.Source egress, IpAddress address) {
    return Optional.ofNullable(egress.holder())
        .map(node -> node + ", epoch " + egress.epoch() + since(node, address))
        .orElseGet(
            () ->
                "nobody that the pod's node could send to; 'egctl explain eip "
                    + address
                    + "' says why");
  }

  private String since(String node, IpAddress address) {
    try {
      return EipExplanations.lastAssignment(controller.history(cluster, address))
          .filter(entry -> node.equals(entry.to()))
          .map(entry -> ", since " + entry.at())
          .orElse("");
    } catch (EgctlException unread) {
      return "; since when cannot be said: " + unread.getMessage();
    }
  }
}
