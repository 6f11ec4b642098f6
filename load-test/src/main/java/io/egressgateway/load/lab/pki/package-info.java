/** A certificate authority of a few days for one lab. Nothing here is fit for anything else. */
@NullMarked
package io.egressgateway.load.lab.pki;

import org.jspecify.annotations.NullMarked;
