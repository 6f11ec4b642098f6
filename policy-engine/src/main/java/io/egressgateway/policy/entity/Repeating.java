package io.egressgateway.policy.entity;

/** The timer of what an entity repeats until it is confirmed. */
enum Repeating {
  KEY
}
