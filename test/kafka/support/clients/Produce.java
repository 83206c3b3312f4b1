import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Scanner;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produce BROKERS TOPIC: sends a record for each line of its input, a key and a value in hex; its partitioner is the default. */
class Produce {
  public static void main(String[] args) throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", args[0]);
    settings.put("compression.type", "lz4");
    HexFormat hex = HexFormat.of();
    try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        var lines = new Scanner(System.in, StandardCharsets.US_ASCII)) {
      Future<RecordMetadata> last = null;
      while (lines.hasNextLine()) {
        String[] parts = lines.nextLine().split(" ", -1);
        last = producer.send(new ProducerRecord<>(args[1], hex.parseHex(parts[0]), hex.parseHex(parts[1])));
      }
      producer.flush();
      if (last != null) last.get();
    }
  }
}
