/**
 * The embedded API's objects in memory: types, keys, revisions, watch events and selectors. It
 * knows nothing of HTTP, schemas or what a kind means.
 */
@NullMarked
package io.egressgateway.load.api.store;

import org.jspecify.annotations.NullMarked;
