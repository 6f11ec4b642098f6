package io.egressgateway.k8s.reflector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.Watcher.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReflectorTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofMillis(50);

  private final ServerInMemory server = new ServerInMemory();
  private final Log log = new Log();
  private Reflector<ConfigMap> reflector = reflector(NEVER);

  /** What a listener was told, in few words. */
  private static final class Log implements ReflectorListener<ConfigMap> {
    private final List<String> lines = new ArrayList<>();
    private final List<ManagedFieldsEntry> managed = new CopyOnWriteArrayList<>();

    private synchronized void add(String line) {
      lines.add(line);
    }

    synchronized List<String> lines() {
      return List.copyOf(lines);
    }

    synchronized List<String> take() {
      List<String> taken = lines();
      lines.clear();
      return taken;
    }

    @Override
    public void upserted(ConfigMap object) {
      managed.addAll(object.getMetadata().getManagedFields());
      add("+" + object.getMetadata().getName() + "/" + object.getMetadata().getUid());
    }

    @Override
    public void deleted(ObjectId object) {
      add("-" + object.name() + "/" + object.uid());
    }

    @Override
    public void listed() {
      add("listed");
    }

    @Override
    public void doubted(int missing, int known) {
      add("doubted %d of %d".formatted(missing, known));
    }

    @Override
    public void failed(Throwable cause) {
      add("failed " + cause.getMessage());
    }
  }

  private Reflector<ConfigMap> reflector(Duration watchLife) {
    return new Reflector<>(server, log, new ReflectorTiming(watchLife, SOON, SOON, SOON));
  }

  private void start() {
    reflector.start();
    awaitLines("listed");
    await().atMost(LIMIT).until(() -> server.opened() > 0);
  }

  private void startWithTen() {
    for (int i = 0; i < 10; i++) {
      server.put("o" + i, "u" + i);
    }
    start();
    log.take();
  }

  private void awaitLines(String... lines) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(log.lines()).contains(lines));
  }

  @AfterEach
  void stop() {
    reflector.close();
  }

  @Test
  void tellsWhatIsThereAndWhatHappens() {
    server.put("a", "1");
    server.put("b", "2");
    server.put("c", "3");
    start();
    server.put("b", "2");
    server.delete("a");
    assertThat(log.lines()).containsExactly("+a/1", "+b/2", "+c/3", "listed", "+b/2", "-a/1");
  }

  @Test
  void whatIsToldHasNoManagedFields() {
    server.put("a", "1");
    start();
    server.put("b", "2");
    awaitLines("+b/2");
    assertThat(log.managed).isEmpty();
  }

  @Test
  void afterAGapItTellsWhatHasChanged() {
    startWithTen();
    server.down();
    server.delete("o0");
    server.put("o1", "other");
    server.put("new", "n");
    server.up();
    awaitLines("listed");
    assertThat(log.take())
        .contains("failed the connection broke")
        .endsWith("+new/n", "-o1/u1", "+o1/other", "-o0/u0", "listed");
  }

  @Test
  void anEventThatIsGoneFromTheServerIsInTheNextList() {
    startWithTen();
    server.stall();
    server.delete("o0");
    reflector.close();
    reflector = reflector(SOON);
    start();
    log.take();
    server.forget();
    server.delete("o1");
    awaitLines("-o1/u1");
    assertThat(log.lines()).doesNotContain("failed too old");
  }

  @Test
  void aWatchThatTellsNothingAnyMoreIsFollowedByAnother() {
    reflector.close();
    reflector = reflector(SOON);
    startWithTen();
    server.stall();
    server.put("o3", "u3");
    server.delete("o4");
    awaitLines("+o3/u3", "-o4/u4");
    assertThat(log.lines()).doesNotContain("listed");
  }

  @Test
  void watchesThatOverlapTellNothingTwice() {
    reflector.close();
    reflector = reflector(SOON);
    startWithTen();
    for (int i = 0; i < 200; i++) {
      server.put("p" + i, "v" + i);
      server.delete("p" + i);
    }
    int opened = server.opened();
    await().atMost(LIMIT).until(() -> server.opened() > opened + 3);
    assertThat(log.lines()).hasSize(400).doesNotHaveDuplicates();
  }

  @Test
  void anOldOrRepeatedEventChangesNothing() {
    startWithTen();
    server.put("o1", "u1");
    server.delete("o2");
    log.take();
    server.say(Action.MODIFIED, ServerInMemory.object("o1", "u1", 101));
    server.say(Action.ADDED, ServerInMemory.object("o2", "u2", 103));
    server.say(Action.DELETED, ServerInMemory.object("o2", "u2", 112));
    server.say(Action.DELETED, ServerInMemory.object("o3", "former", 90));
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void oneListThatLacksMuchIsNotBelieved() {
    startWithTen();
    server.lie(0);
    server.breakWatches();
    awaitLines("doubted 10 of 10", "listed");
    assertThat(log.lines()).noneMatch(line -> line.startsWith("-"));
    server.delete("o5");
    awaitLines("-o5/u5");
  }

  @Test
  void whatTwoListsLackIsGone() {
    startWithTen();
    server.lie(0, 0);
    server.breakWatches();
    awaitLines("doubted 10 of 10", "listed");
    assertThat(log.lines()).contains("-o0/u0", "-o9/u9");
  }

  /** What was missing and is there again has never been gone: the first list proves nothing. */
  @Test
  void twoListsThatDoNotAgreeAreNotBelieved() {
    startWithTen();
    server.lie(0, 4);
    server.breakWatches();
    awaitLines("doubted 10 of 10", "doubted 6 of 10", "listed");
    assertThat(log.lines()).noneMatch(line -> line.startsWith("-"));
  }

  @Test
  void whatIsDeletedBetweenTwoListsIsGoneWithTheRest() {
    startWithTen();
    server.lie(4, 3);
    server.breakWatches();
    awaitLines("doubted 6 of 10", "listed");
    assertThat(log.lines()).contains("-o3/u3", "-o9/u9").doesNotContain("-o2/u2");
  }

  /** As after a restore of the server's store. */
  @Test
  void whatComesBackAfterItsEndIsFollowedAgain() {
    startWithTen();
    server.delete("o0");
    server.put("o0", "u0");
    server.breakWatches();
    awaitLines("listed");
    log.take();
    await().atMost(LIMIT).until(() -> server.opened() > 1);
    server.put("o0", "u0");
    awaitLines("+o0/u0");
  }

  @Test
  void aLittleThatIsMissingIsGone() {
    startWithTen();
    server.down();
    server.delete("o0");
    server.delete("o1");
    server.up();
    awaitLines("-o0/u0", "-o1/u1", "listed");
    assertThat(log.lines()).noneMatch(line -> line.startsWith("doubted"));
  }

  @Test
  void asLongAsNobodyAnswersItIsSaidOnce() {
    startWithTen();
    server.down();
    awaitLines("failed nobody answers");
    int lists = server.lists();
    await().during(SOON.multipliedBy(6)).atMost(LIMIT).until(() -> server.lists() == lists);
    assertThat(log.lines()).containsOnlyOnce("failed nobody answers");
    server.up();
    awaitLines("listed");
  }

  @Test
  void manyWhoAskForASecondLookGetOne() {
    startWithTen();
    int lists = server.lists();
    for (int i = 0; i < 100; i++) {
      reflector.lookAgain();
    }
    awaitLines("listed");
    await().during(SOON.multipliedBy(6)).atMost(LIMIT).until(() -> server.lists() == lists + 1);
  }

  @Test
  void afterItsEndNothingIsTold() {
    startWithTen();
    reflector.close();
    server.put("late", "l");
    assertThat(log.lines()).isEmpty();
  }
}
