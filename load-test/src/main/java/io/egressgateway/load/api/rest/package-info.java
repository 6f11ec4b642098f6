/**
 * The Kubernetes REST protocol over the object store: paths, verbs, discovery, OpenAPI documents,
 * watches, status answers. It serves one process's tests and demos on loopback, without
 * authentication.
 */
@NullMarked
package io.egressgateway.load.api.rest;

import org.jspecify.annotations.NullMarked;
