using System.Buffers.Binary;
using System.Text;

namespace Portal.Tests.Telemetry;

/// <summary>A protobuf message read by hand: its fields by number, in the order of the wire. Enough of the format for OTLP.</summary>
sealed class Protobuf
{
    readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> fields = [];

    Protobuf(ReadOnlyMemory<byte> wire)
    {
        for (var at = 0; at < wire.Length;)
        {
            var tag = Varint(wire.Span, ref at);
            var (number, type) = ((int)(tag >> 3), tag & 7);
            switch (type)
            {
                case 0:
                    fields.Add((number, Varint(wire.Span, ref at), default));
                    break;
                case 1:
                    fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(wire.Span[at..]), default));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(wire.Span, ref at);
                    fields.Add((number, 0, wire.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(wire.Span[at..]), default));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {type} at {at} of {wire.Length}.");
            }
        }
    }

    public static Protobuf Read(byte[] wire) => new(wire);

    public IEnumerable<Protobuf> Messages(params int[] path) =>
        path.Length == 1 ? Parts(path[0]).Select(part => new Protobuf(part)) : Messages(path[0]).SelectMany(message => message.Messages(path[1..]));

    public string Text(int number) => Encoding.UTF8.GetString(Parts(number).FirstOrDefault().Span);

    public string Hex(int number) => Convert.ToHexStringLower(Parts(number).FirstOrDefault().Span);

    public ulong? Number(int number) => fields.Where(field => field.Number == number).Select(field => (ulong?)field.Value).FirstOrDefault();

    /// <summary>OTLP's list of key and value.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int number) => Messages(number).ToDictionary(pair => pair.Text(1), pair =>
    {
        var value = pair.Messages(2).Single();
        return value.Number(3)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? value.Text(1);
    });

    IEnumerable<ReadOnlyMemory<byte>> Parts(int number) => fields.Where(field => field.Number == number).Select(field => field.Bytes);

    static ulong Varint(ReadOnlySpan<byte> wire, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = wire[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
