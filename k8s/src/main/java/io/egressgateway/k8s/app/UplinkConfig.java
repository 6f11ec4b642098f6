package io.egressgateway.k8s.app;

import com.typesafe.config.Config;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.k8s.watch.UplinkRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The links of {@code egressgateway.network}: the rules of {@code uplinks}, and the ancestor's way
 * to write them: {@code tunnelDetectCustomInterface}, a list of {@code nodeSelector}, a map of
 * labels, and {@code interfaceName}.
 */
final class UplinkConfig {
  private static final String ANCESTOR = "tunnelDetectCustomInterface";
  private static final String LABELS = "node-labels";
  private static final String LINK = "interface";

  private UplinkConfig() {}

  /**
   * Reads.
   *
   * @throws IllegalArgumentException for a label or name that cannot be
   */
  static UplinkRules read(List<? extends Config> rules) {
    return new UplinkRules(rules.stream().map(UplinkConfig::rule).toList());
  }

  private static UplinkRules.Rule rule(Config rule) {
    TreeMap<String, String> labels = new TreeMap<>();
    for (String text : rule.getStringList(LABELS)) {
      int equals = text.indexOf('=');
      if (equals < 0 || labels.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
        throw new IllegalArgumentException(
            "uplinks.node-labels '" + text + "' is not KEY=VALUE with a key of its own");
      }
    }
    try {
      return new UplinkRules.Rule(LabelSelector.ofLabels(labels), rule.getString(LINK));
    } catch (IllegalArgumentException cannotBe) {
      throw new IllegalArgumentException("uplinks: " + cannotBe.getMessage(), cannotBe);
    }
  }

  /**
   * Reads {@code egressgateway.network.excluded-links}, which are the ancestor's {@code
   * announcedInterfacesToExclude}.
   *
   * @throws IllegalArgumentException naming the pattern that cannot be
   */
  static List<LinkPattern> excluded(List<String> patterns) {
    try {
      return patterns.stream().map(LinkPattern::new).toList();
    } catch (IllegalArgumentException cannotBe) {
      throw new IllegalArgumentException(
          "excluded-links (announcedInterfacesToExclude): " + cannotBe.getMessage(), cannotBe);
    }
  }

  /**
   * Translates the ancestor's list to ours. Its labels are keys of maps, which a configuration
   * would take for paths.
   *
   * @throws StartFailure if it is no such list
   */
  static List<Map<String, Object>> ofAncestor(Object list) throws StartFailure {
    if (!(list instanceof List<?> entries)) {
      throw refusal("it is no list");
    }
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Object entry : entries) {
      if (!(entry instanceof Map<?, ?> fields)
          || !(fields.get("nodeSelector") instanceof Map<?, ?> labels)
          || fields.get("interfaceName") == null) {
        throw refusal("'" + entry + "' is not {nodeSelector: {LABEL: VALUE}, interfaceName: NAME}");
      }
      Map<String, Object> rule = new LinkedHashMap<>();
      rule.put(LABELS, labels.entrySet().stream().map(UplinkConfig::text).toList());
      rule.put(LINK, String.valueOf(fields.get("interfaceName")));
      rules.add(rule);
    }
    return rules;
  }

  private static String text(Map.Entry<?, ?> label) {
    @Nullable Object value = label.getValue();
    return label.getKey() + "=" + (value == null ? "" : value);
  }

  private static StartFailure refusal(String reason) {
    return new StartFailure("configuration file: " + ANCESTOR + ": " + reason);
  }
}
