package io.egressgateway.k8s.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipNumbered;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.GatewayEvent.EgressIpPlaced;
import io.egressgateway.core.event.GatewayEvent.PlacementReason;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.event.PolicyEvent.EgressIpBound;
import io.egressgateway.core.event.PolicyEvent.PolicyAccepted;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.persistence.journal.JournalSerializer;
import io.egressgateway.persistence.store.DatabaseException;
import io.egressgateway.persistence.store.DatabaseSettings;
import io.egressgateway.persistence.store.JournalReader;
import io.egressgateway.persistence.store.Schema;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalInspectorTest {
  private static final IpAddress EIP = IpAddress.of("10.6.1.55");
  private static final GatewayName GATEWAY = new GatewayName("egw1");
  private static final NodeSession ONE = new NodeSession(new NodeName("node1"), "boot", 1);
  private static final NodeSession TWO = new NodeSession(new NodeName("node2"), "boot", 4);
  private static final PolicyKey POLICY = new PolicyKey.Namespaced("shop", "web");

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  private final JournalSerializer serializer = new JournalSerializer();

  @SuppressWarnings("NullAway.Init") // set before each test
  private DatabaseSettings database;

  @SuppressWarnings("NullAway.Init") // set before each test
  private JournalInspector inspector;

  @BeforeEach
  void prepare() throws DatabaseException {
    database = new DatabaseSettings.EmbeddedH2(folder);
    Schema.prepare(database);
    inspector = new JournalInspector(new JournalReader(database, serializer::fromBinary));
  }

  private void journal(String persistenceId, List<?> events) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), database.user(), database.password().secret());
        PreparedStatement insert =
            connection.prepareStatement(
                """
                INSERT INTO "event_journal" ("persistence_id", "sequence_number", "writer",
                  "write_timestamp", "adapter_manifest", "event_ser_id", "event_ser_manifest",
                  "event_payload")
                VALUES (?, ?, 'test', 0, '', ?, ?, ?)
                """)) {
      for (int i = 0; i < events.size(); i++) {
        insert.setString(1, persistenceId);
        insert.setLong(2, i + 1L);
        insert.setInt(3, JournalSerializer.IDENTIFIER);
        insert.setString(4, serializer.manifest(events.get(i)));
        insert.setBytes(5, serializer.toBinary(events.get(i)));
        insert.executeUpdate();
      }
    }
  }

  private static Instant at(int second) {
    return Instant.ofEpochSecond(second);
  }

  private void journalAFailover() throws SQLException {
    OwnershipProof certificate =
        new OwnershipProof.Certificate(ONE, 1, new TreeSet<>(List.of(0, 1)));
    journal(
        "eip|" + EIP,
        List.of(
            new EipNumbered(new EipNumber(1), at(1)),
            new EipAssigned(new Epoch(1), ONE, GATEWAY, new OwnershipProof.NeverHeld(), at(2)),
            new EipReleased(new Epoch(1), certificate, at(9)),
            new EipAssigned(new Epoch(2), TWO, GATEWAY, certificate, at(9))));
    journal(
        "gateway|" + GATEWAY,
        List.of(new EgressIpPlaced(EIP, TWO.node(), PlacementReason.NODE_LOST, at(8))));
    journal(
        "policy|" + POLICY,
        List.of(
            new PolicyAccepted(
                "uid", new Generation(1), GATEWAY, new EgressIpRequest.Default(), at(1)),
            new EgressIpBound(new TreeSet<>(List.of(EIP)), at(2))));
  }

  @Test
  void anEgressIpsLastMoveIsThereWithProofAndReason() throws Exception {
    journalAFailover();

    HistoryDocument history = inspector.ofEip(EIP).orElseThrow();

    assertThat(history.complete()).isTrue();
    assertThat(history.entries()).hasSize(4);
    assertThat(history.entries().getLast())
        .isEqualTo(
            new HistoryDocument.Entry(
                "1970-01-01T00:00:09Z",
                "10.6.1.55",
                "Assigned",
                2L,
                "node1",
                "node2",
                new HistoryDocument.Proof(
                    "Certificate",
                    "node1/boot/1",
                    "witnesses 1, 2 certified that the lease of node1 was over"),
                "the session of the node that had it was over"));
  }

  @Test
  void aPolicysHistoryHasItsEgressIpsHolders() throws Exception {
    journalAFailover();

    assertThat(inspector.ofPolicy(POLICY).orElseThrow().entries())
        .extracting(HistoryDocument.Entry::event)
        .containsExactly("Accepted", "Bound", "Assigned", "Released", "Assigned");
  }

  @Test
  void whatWasNeverThereHasNoHistory() throws Exception {
    assertThat(inspector.ofEip(EIP)).isEmpty();
    assertThat(inspector.ofPolicy(POLICY)).isEmpty();
  }

  @Test
  void aDocumentIsReadAsItWasWritten() throws Exception {
    journalAFailover();
    HistoryDocument history = inspector.ofEip(EIP).orElseThrow();

    assertThat(Serialization.unmarshal(Serialization.asJson(history), HistoryDocument.class))
        .isEqualTo(history);
  }
}
