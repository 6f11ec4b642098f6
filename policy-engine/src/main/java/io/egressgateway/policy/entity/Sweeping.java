package io.egressgateway.policy.entity;

/** The timer of the sweep of an entity's subscribers. */
enum Sweeping {
  KEY
}
