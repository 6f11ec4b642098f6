package io.egressgateway.load.api.store;

/**
 * One of a CRD's {@code additionalPrinterColumns}.
 *
 * @param name the heading as written in the CRD
 * @param type {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date}
 * @param jsonPath for example {@code .spec.ippools.ipv4DefaultEIP}
 * @param priority above 0: only with {@code -o wide}
 */
public record PrinterColumn(String name, String type, String jsonPath, int priority) {}
