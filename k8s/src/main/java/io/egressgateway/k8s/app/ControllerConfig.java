package io.egressgateway.k8s.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.egressgateway.persistence.store.Database;
import io.egressgateway.policy.entity.PolicyEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layers of configuration, strongest first: flags, the operator's file, what the process needs,
 * what the engine needs, the defaults in the jars.
 */
final class ControllerConfig {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerConfig.class);

  /** Name of the actor system; part of every controller's address. */
  static final String SYSTEM = "egressgateway";

  private ControllerConfig() {}

  /**
   * What the operator wants.
   *
   * @param flags by configuration key
   * @throws StartFailure when the file cannot be read
   */
  static Config operator(Map<String, ?> flags, Optional<Path> file) throws StartFailure {
    Config fromFlags = ConfigFactory.parseMap(flags, "command line");
    return file.isEmpty() ? fromFlags : fromFlags.withFallback(read(file.get()));
  }

  private static Config read(Path file) throws StartFailure {
    if (!Files.isReadable(file)) {
      throw new StartFailure(
          "configuration file " + file + " cannot be read: let --config name a readable file");
    }
    if (file.toString().endsWith(".yml") || file.toString().endsWith(".yaml")) {
      return yaml(file);
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException e) {
      throw new StartFailure("configuration file " + file + ": " + e.getMessage(), e);
    }
  }

  private static Config yaml(Path file) throws StartFailure {
    Map<String, Object> content;
    try {
      content = new YAMLMapper().readValue(Files.readString(file), new TypeReference<>() {});
    } catch (IOException | IllegalArgumentException e) {
      throw new StartFailure(
          "configuration file " + file + " is no YAML object: " + e.getMessage(), e);
    }
    AncestorConfig read = AncestorConfig.of(content == null ? Map.of() : content);
    read.ignored().forEach(key -> LOG.warn("setting has no effect key=\"{}\"", key));
    return read.config();
  }

  /** What {@link ControllerSettings} are read from. */
  static Config complete(Config operator) {
    return ConfigFactory.load(
        operator
            .withFallback(ConfigFactory.parseResources("egressgateway-controller.conf"))
            .withFallback(PolicyEngine.clusterConfig()));
  }

  /** What the actor system runs with. It holds the database's password: never log it. */
  static Config akka(Config operator, ControllerSettings settings) {
    return complete(
        addresses(settings)
            .withFallback(operator)
            .withFallback(Database.config(settings.database())));
  }

  private static Config addresses(ControllerSettings settings) {
    ControllerSettings.Listening listening = settings.listening();
    return ConfigFactory.empty()
        .withValue("akka.remote.artery.canonical.hostname", value(listening.host()))
        .withValue("akka.remote.artery.canonical.port", value(listening.arteryPort()))
        .withValue("akka.management.http.port", value(listening.managementPort()))
        .withValue("egressgateway.agent-link.host", value(listening.host()))
        .withValue("egressgateway.agent-link.port", value(listening.agentPort()));
  }

  private static ConfigValue value(Object value) {
    return ConfigValueFactory.fromAnyRef(value, "controller settings");
  }
}
