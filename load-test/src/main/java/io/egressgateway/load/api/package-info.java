/**
 * A Kubernetes API to run the product against on one machine: embedded in this process, or a real
 * kube-apiserver with its etcd. It is not a cluster: there is no kubelet and no scheduler, the lab
 * plays those.
 */
@NullMarked
package io.egressgateway.load.api;

import org.jspecify.annotations.NullMarked;
