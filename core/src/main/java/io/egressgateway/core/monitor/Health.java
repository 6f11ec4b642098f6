package io.egressgateway.core.monitor;

import java.util.List;
import java.util.function.Supplier;

/**
 * What a process says of itself when it is asked. Each answer is the list of what is wrong, in
 * words for people; empty is well.
 *
 * @param faults what only a restart would mend: {@code /healthz}
 * @param obstacles why it cannot do now what it is for: {@code /readyz}
 */
public record Health(Supplier<List<String>> faults, Supplier<List<String>> obstacles) {}
