/**
 * The agent link's messages as values: what is sent is encoded here, what arrives is checked field
 * by field before anything sees it. Nothing here opens a connection or keeps state.
 */
@NullMarked
package io.egressgateway.core.link;

import org.jspecify.annotations.NullMarked;
