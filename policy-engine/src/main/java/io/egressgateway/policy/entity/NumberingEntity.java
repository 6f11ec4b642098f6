package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.egressgateway.policy.domain.NumberSpace;

/** One number space; its id is the space's key. */
public final class NumberingEntity {

  /** The kind of entity, for cluster sharding. */
  public static final EntityTypeKey<Command> TYPE =
      EntityTypeKey.create(Command.class, "numbering");

  private NumberingEntity() {}

  /** What a number space can be told. Every command may be repeated. */
  public sealed interface Command extends ClusterMessage {}

  /** Answered with the name's number: the one it has, or a new one. */
  public record Assign(String name, ActorRef<Reply> replyTo) implements Command {}

  /** The name is gone for good. */
  public record Free(String name) implements Command {}

  /** What has gathered is decided on. */
  record Settle() implements Command {}

  /** For the {@link Sluice}. */
  record Mark(ActorRef<Sluice.Passed> answerTo, long mark) implements Command {}

  /** What a number space answers. */
  public sealed interface Reply extends ClusterMessage {}

  /** The number belongs to the name until it is freed. */
  public record Numbered(NumberSpace space, String name, int number) implements Reply {}

  /** Every number of the space belongs to some name. */
  public record Exhausted(NumberSpace space, String name) implements Reply {}
}
