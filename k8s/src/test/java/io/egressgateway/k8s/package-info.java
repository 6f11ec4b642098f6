/** The walls between the packages of this module. */
@NullMarked
package io.egressgateway.k8s;

import org.jspecify.annotations.NullMarked;
