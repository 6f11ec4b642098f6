package io.egressgateway.k8s.translate;

/**
 * Something a user has to correct in an object.
 *
 * @param field path of the field, such as {@code spec.ippools.ipv4[1]}
 * @param value what is there, as written
 * @param reason what is wrong with it
 * @param remedy what to write instead
 */
public record Violation(String field, String value, String reason, String remedy) {}
