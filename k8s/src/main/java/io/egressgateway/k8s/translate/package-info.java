/**
 * From resources as users wrote them to specs that cannot be wrong, or to the list of what is wrong
 * with them. Pure.
 */
@NullMarked
package io.egressgateway.k8s.translate;

import org.jspecify.annotations.NullMarked;
