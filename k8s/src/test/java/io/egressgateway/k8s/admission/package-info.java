@NullMarked
package io.egressgateway.k8s.admission;

import org.jspecify.annotations.NullMarked;
