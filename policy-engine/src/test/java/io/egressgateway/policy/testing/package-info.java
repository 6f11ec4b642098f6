/** What several tests of this module need. It holds no test and is no part of the product. */
@NullMarked
package io.egressgateway.policy.testing;

import org.jspecify.annotations.NullMarked;
