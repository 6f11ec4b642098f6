package io.egressgateway.node.agent;

import io.egressgateway.node.kernel.KernelFault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/**
 * The one thread that talks to the kernel. It is a platform thread: a network namespace belongs to
 * a thread, and the C library's errno does too.
 *
 * @param executor of exactly one platform thread
 */
public record KernelThread(ExecutorService executor) {

  /** A call that the kernel may refuse. */
  @FunctionalInterface
  public interface Call<T> {
    T run() throws KernelFault;
  }

  /** The call's result; a refusal arrives as a {@link CompletionException} around the fault. */
  <T> CompletionStage<T> submit(Call<T> call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return call.run();
          } catch (KernelFault refused) {
            throw new CompletionException(refused);
          }
        },
        executor);
  }
}
