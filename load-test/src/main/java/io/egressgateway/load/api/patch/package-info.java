/**
 * The four patch formats of the Kubernetes API as pure functions over JSON trees. What may be
 * patched, and by whom, is decided elsewhere.
 */
@NullMarked
package io.egressgateway.load.api.patch;

import org.jspecify.annotations.NullMarked;
