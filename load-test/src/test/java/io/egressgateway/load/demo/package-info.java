/** The demo as a user starts it. These tests need root. */
@NullMarked
package io.egressgateway.load.demo;

import org.jspecify.annotations.NullMarked;
