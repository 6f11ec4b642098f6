/**
 * Network namespaces and what is wired between them, by netlink alone. It builds what the topology
 * says and never reads it back.
 */
@NullMarked
package io.egressgateway.load.lab.net;

import org.jspecify.annotations.NullMarked;
