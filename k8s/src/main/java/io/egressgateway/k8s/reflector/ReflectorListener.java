package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Is told what happens to the objects of a kind: one after the other, each object's changes in
 * their order. No method may block or throw.
 */
public interface ReflectorListener<T> {
  /** The object is there, or has changed. */
  void upserted(T object);

  /** The object is gone. */
  void deleted(ObjectId object);

  /** An object is there that does not fit its kind's schema; it is logged and told no further. */
  default void unreadable(HasMetadata object) {}

  /** A list has been told to its end: the first one when following begins, others after gaps. */
  void listed();

  /** A list lacks so many of the objects that it is not believed before another one does, too. */
  void doubted(int missing, int known);

  /**
   * The API refused or did not answer; it is asked again.
   *
   * @param cause not told again as long as it stays the same
   */
  void failed(Throwable cause);
}
