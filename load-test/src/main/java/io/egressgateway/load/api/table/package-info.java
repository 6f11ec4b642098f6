/**
 * Server-side tables ({@code kubectl get}) for custom and built-in kinds. Pure functions over JSON
 * trees; it stores and serves nothing.
 */
@NullMarked
package io.egressgateway.load.api.table;

import org.jspecify.annotations.NullMarked;
