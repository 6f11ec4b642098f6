package io.egressgateway.load.lab.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The product as it is shipped: {@code bin/egressgateway}, {@code lib/}, {@code conf/}. The lab
 * starts every process through its launcher, as a user does.
 *
 * @param home the folder
 */
public record Distribution(Path home) {
  /** Set by the launcher and by the tests' build. */
  public static final String HOME_PROPERTY = "egressgateway.home";

  /**
   * The distribution that this process is part of.
   *
   * @throws IllegalStateException if this process was not started from one
   */
  public static Distribution ofThisProcess() {
    return Optional.ofNullable(System.getProperty(HOME_PROPERTY))
        .map(home -> new Distribution(Path.of(home)))
        .filter(found -> Files.isExecutable(found.launcher()))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no distribution at -D%s=%s; run './egressgateway build' and start this by the launcher"
                        .formatted(HOME_PROPERTY, System.getProperty(HOME_PROPERTY, ""))));
  }

  /** The script that starts every role. */
  public Path launcher() {
    return home.resolve("bin").resolve("egressgateway");
  }
}
