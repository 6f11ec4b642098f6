package io.egressgateway.node.agent;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How the agent behaves in time.
 *
 * @param driftInterval how often the kernel is compared with the plan though nothing called for it
 * @param settle how long a notification of the kernel waits for its siblings
 * @param retry how long a refused plan waits for its next attempt
 * @param nanoClock monotonic nanoseconds
 */
public record AgentSettings(
    Duration driftInterval, Duration settle, Backoff retry, LongSupplier nanoClock) {}
