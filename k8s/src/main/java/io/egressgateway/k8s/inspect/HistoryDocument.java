package io.egressgateway.k8s.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.policy.history.HistoryFact;
import io.egressgateway.policy.history.ProofText;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was journalled of an egress IP or a policy, as JSON has it.
 *
 * @param subject the egress IP, or {@code EgressPolicy/namespace/name}
 * @param complete whether the entries begin with the first fact; else older ones are left out
 * @param entries the oldest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryDocument(String subject, boolean complete, List<Entry> entries) {
  public HistoryDocument {
    entries = List.copyOf(entries);
  }

  /**
   * A fact.
   *
   * @param at RFC 3339, UTC
   * @param subject the egress IP or policy that it is about
   * @param event as {@link HistoryFact.Kind}, in CamelCase
   * @param epoch of the assignment
   * @param from name of the node that had the egress IP
   * @param to name of the node that has it now
   * @param why for people
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      String at,
      String subject,
      String event,
      @Nullable Long epoch,
      @Nullable String from,
      @Nullable String to,
      @Nullable Proof proof,
      @Nullable String why) {

    static Entry of(HistoryFact fact) {
      return new Entry(
          fact.at().toString(),
          fact.subject(),
          camelCase(fact.kind().toString()),
          fact.step().epoch().map(Epoch::value).orElse(null),
          fact.step().from().map(Object::toString).orElse(null),
          fact.step().to().map(Object::toString).orElse(null),
          fact.step().proof().map(Proof::of).orElse(null),
          fact.why().isEmpty() ? null : fact.why());
    }
  }

  /**
   * Why nobody else can hold the egress IP.
   *
   * @param kind name of the kind of proof
   * @param session that it is about: node, boot and incarnation
   * @param text for people
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Proof(String kind, @Nullable String session, String text) {
    static Proof of(OwnershipProof proof) {
      return new Proof(
          proof.getClass().getSimpleName(),
          proof.session().map(Object::toString).orElse(null),
          ProofText.of(proof));
    }
  }

  private static String camelCase(String constant) {
    StringBuilder text = new StringBuilder();
    for (String word : constant.split("_", -1)) {
      text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }
}
