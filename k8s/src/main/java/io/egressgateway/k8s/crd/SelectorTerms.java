package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Kubernetes label selector ({@code metav1.LabelSelector}) as the user wrote it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SelectorTerms(
    @Nullable List<Expression> matchExpressions, @Nullable Map<String, String> matchLabels) {

  /** An item of {@code matchExpressions}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Expression(
      @Required String key, @Required String operator, @Nullable List<String> values) {}
}
