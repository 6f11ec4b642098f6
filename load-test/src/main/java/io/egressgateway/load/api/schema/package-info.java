/**
 * What a CustomResourceDefinition's OpenAPI v3 schema does to an object: pruning, defaults,
 * validation. Pure functions over JSON trees; CEL rules are not evaluated.
 */
@NullMarked
package io.egressgateway.load.api.schema;

import org.jspecify.annotations.NullMarked;
