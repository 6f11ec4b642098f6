/**
 * The words of the product as immutable values: addresses, pools, selectors, names and the two
 * specs, each type unable to hold a wrong value. It knows no Kubernetes object, no journal format,
 * no socket and no clock, and it never asks DNS.
 */
@NullMarked
package io.egressgateway.core.model;

import org.jspecify.annotations.NullMarked;
