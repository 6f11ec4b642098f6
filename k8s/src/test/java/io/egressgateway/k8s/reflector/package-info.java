@NullMarked
package io.egressgateway.k8s.reflector;

import org.jspecify.annotations.NullMarked;
