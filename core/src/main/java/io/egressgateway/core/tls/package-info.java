/**
 * Certificates and keys from PEM files, for whoever speaks mutual TLS. It makes no connection and
 * decides nothing about whom to trust with what.
 */
@NullMarked
package io.egressgateway.core.tls;

import org.jspecify.annotations.NullMarked;
