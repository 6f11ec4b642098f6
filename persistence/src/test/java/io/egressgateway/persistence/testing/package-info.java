/**
 * Real databases for tests, made on this machine and gone with the test. Nothing here is a fake,
 * and nothing needs a database or a container engine to be installed.
 */
@NullMarked
package io.egressgateway.persistence.testing;

import org.jspecify.annotations.NullMarked;
