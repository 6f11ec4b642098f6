package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceCidrHintsTest {

  private static CidrSet blocks(String... blocks) {
    return CidrSet.of(List.of(blocks).stream().map(Cidr::of).toList());
  }

  @Test
  void aFlagMayStandInOneWordOrTwo() {
    assertThat(
            ServiceCidrHints.ofCommandLine(
                List.of(
                    "kube-apiserver",
                    "--secure-port=6443",
                    "--service-cluster-ip-range=10.96.0.0/12,fd00:96::/108")))
        .isEqualTo(blocks("10.96.0.0/12", "fd00:96::/108"));
    assertThat(
            ServiceCidrHints.ofCommandLine(List.of("--service-cluster-ip-range", "10.43.0.0/16")))
        .isEqualTo(blocks("10.43.0.0/16"));
    assertThat(
            ServiceCidrHints.ofCommandLine(
                List.of("sh", "-c", "exec kcm --service-cluster-ip-range=\"10.0.0.0/24\" --v=2")))
        .isEqualTo(blocks("10.0.0.0/24"));
  }

  @Test
  void kubeadmKeepsItsConfiguration() {
    assertThat(
            ServiceCidrHints.ofKubeadm(
                """
                apiVersion: kubeadm.k8s.io/v1beta3
                networking:
                  dnsDomain: cluster.local
                  podSubnet: 10.244.0.0/16
                  serviceSubnet: 10.96.0.0/16,fd00:10:96::/112
                """))
        .isEqualTo(blocks("10.96.0.0/16", "fd00:10:96::/112"));
  }

  @Test
  void aRefusalNamesTheRange() {
    assertThat(
            ServiceCidrHints.ofRefusal(
                "Service \"x\" is invalid: spec.clusterIPs: Invalid value: []string{\"192.0.2.1\"}:"
                    + " failed to allocate IP 192.0.2.1: the provided IP (192.0.2.1) is not in the"
                    + " valid range. The range of valid IPs is 10.0.0.0/24"))
        .isEqualTo(blocks("10.0.0.0/24"));
    assertThat(ServiceCidrHints.ofRefusal("services is forbidden")).isEqualTo(blocks());
  }
}
